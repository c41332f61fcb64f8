// Golden traces: hashes of long episodes, compared with stored constants, for 1, 2 and 4 threads.
//   golden            compares with golden.txt
//   golden --rewrite  writes golden.txt anew: after a change that is meant to change what worlds do
#include <cstring>
#include <fstream>
#include <iostream>

#include "runner.hpp"

namespace metta {
namespace {

constexpr int kNumRandomGames = 24;
constexpr uint64_t kArenaSeed = 42;

struct Hashes {
  uint64_t states = 0;  // of the worlds' blocks, after every step
  uint64_t rows = 0;    // of everything that agents are told
  bool operator==(const Hashes&) const = default;
};

struct Trace {
  std::string name;
  RandomGame game;
  uint64_t seed;
  int num_worlds;
  uint64_t num_steps;
};

Hashes run(const Trace& trace, int num_threads) {
  ColonyBatch batch = make_batch(trace.game, trace.num_worlds, num_threads);
  const auto streams = counting_streams(trace.num_worlds);
  Hashes hashes;
  batch.reset(trace.seed, streams, false);
  for (uint64_t step = 0; step < trace.num_steps; ++step) {
    script_actions(batch, trace.seed, step, streams);
    batch.step();
    for (int world = 0; world < trace.num_worlds; ++world) {
      hashes.states = mix64(hashes.states ^ batch.hash(world));
      hashes.rows = mix64(hashes.rows ^ hash_rows(batch, world));
    }
  }
  return hashes;
}

// The tables of a real game, as tests/core/export_arena.py writes them: name, number of values, values.
RandomGame read_game(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  RandomGame game;
  std::string name;
  for (size_t size = 0; file >> name >> size;) {
    std::vector<int32_t> values(size);
    for (auto& value : values) file >> value;
    (name == "maps" ? game.maps : game.tables[name]) = values;
  }
  if (!file.eof()) throw std::runtime_error(path + " is damaged");
  return game;
}

std::vector<Trace> all_traces() {
  std::vector<Trace> traces;
  for (uint64_t seed = 0; seed < kNumRandomGames; ++seed) {
    traces.push_back({"random_game_" + std::to_string(seed), random_game(seed), seed, 5, 300});
  }
  traces.push_back({"arena", read_game(METTA_TEST_FOLDER "/data/arena.tables"), kArenaSeed, 4, 1100});
  return traces;
}

std::map<std::string, Hashes> read_expected(const std::string& path) {
  std::ifstream file(path);
  std::map<std::string, Hashes> expected;
  std::string name;
  for (Hashes hashes; file >> name >> std::hex >> hashes.states >> hashes.rows;) expected[name] = hashes;
  return expected;
}

int rewrite(const std::string& path) {
  std::ofstream file(path);
  for (const Trace& trace : all_traces()) {
    const Hashes hashes = run(trace, 1);
    file << trace.name << " " << std::hex << hashes.states << " " << hashes.rows << "\n";
  }
  std::cout << "wrote " << path << "\n";
  return file.flush() ? 0 : 1;
}

int compare(const std::string& path) {
  const auto expected = read_expected(path);
  int num_passed = 0, num_failed = 0;
  for (const Trace& trace : all_traces()) {
    const auto found = expected.find(trace.name);
    for (const int num_threads : {1, 2, 4}) {
      const bool is_equal = found != expected.end() && run(trace, num_threads) == found->second;
      if (!is_equal) std::cerr << "FAILED " << trace.name << " with " << num_threads << " threads\n";
      ++(is_equal ? num_passed : num_failed);
    }
  }
  std::cout << num_passed << " passed, " << num_failed << " failed\n";
  if (num_failed > 0) std::cerr << "Worlds do something else than before. If that is meant: golden --rewrite, and say why in the commit.\n";
  return num_failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace metta

int main(int argc, char** argv) {
  const std::string path = METTA_TEST_FOLDER "/golden.txt";
  if (argc == 1) return metta::compare(path);
  if (argc == 2 && std::strcmp(argv[1], "--rewrite") == 0) return metta::rewrite(path);
  std::cerr << "usage: golden [--rewrite]\n";
  return 2;
}
