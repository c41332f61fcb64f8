// What a world shows, written again from the raw tables in the most obvious way: observations, action masks, cached tokens.
#pragma once

#include "colony/world.hpp"
#include "random_game.hpp"

namespace metta {

class SlowView {
 public:
  SlowView(const colony::RawTables& raw, const colony::World& world);

  // The row of one agent, and by how many tokens it was too short.
  std::vector<uint8_t> observation(int agent, int& dropped) const;
  std::vector<uint8_t> action_mask(int agent) const;
  // What everybody sees of an object: features and values.
  std::vector<uint8_t> tokens_of(int object) const;

 private:
  struct Cell {
    int where, distance, object;
  };

  int raw(const char* name, int index) const { return raw_.at(name)[static_cast<size_t>(index)]; }
  int shown(const char* table, int row, int object) const;
  std::vector<uint8_t> globals(int agent) const;
  std::vector<Cell> cells_in_sight(int agent) const;
  std::vector<uint8_t> cell_tokens(const Cell& cell, int observer) const;
  bool holds(int filter, int agent) const;
  int operand(int filter, int agent) const;
  int count_nearby(int filter, int agent) const;
  bool is_nearby(int filter, int row, int col) const;

  const colony::RawTables& raw_;
  const colony::World& w_;
  std::vector<int> object_at_;  // [height, width], from the objects' places; -1 = none
};

}  // namespace metta
