// Random valid games: tables and maps drawn from a seed. They make no sense as games, and use everything that tables can say.
#pragma once

#include "colony/tables.hpp"
#include "dice.hpp"

namespace metta {

struct RandomGame {
  colony::RawTables tables;
  std::vector<int32_t> maps;
};

RandomGame random_game(uint64_t seed);

}  // namespace metta
