// Random games with random actions, resets, snapshots and forks for a number of agent-steps: what tools/sanitize runs.
//   fuzz NUM_AGENT_STEPS [NUM_THREADS [FIRST_SEED]]
#include <cstdlib>
#include <iostream>

#include "invariants.hpp"

namespace metta {
namespace {

constexpr int kNumWorlds = 6;
constexpr int64_t kStepsOfAGame = 200;

class Fuzzer {
 public:
  Fuzzer(uint64_t seed, int num_threads)
      : seed_(seed),
        dice_(seed),
        game_(random_game(seed)),
        batch_(make_batch(game_, kNumWorlds, num_threads)),
        invariants_(game_, batch_) {}

  // Returns the agent-steps done.
  int64_t play() {
    check::context() = "game " + std::to_string(seed_);
    batch_.reset(seed_, counting_streams(kNumWorlds), dice_.one_in(2));
    for (int64_t step = 0; step < kStepsOfAGame; ++step) {
      disturb();
      script_actions(batch_, seed_, static_cast<uint64_t>(step), counting_streams(kNumWorlds));
      spoil_actions(batch_, dice_);
      step_somehow();
    }
    invariants_.check(random_world());
    return kStepsOfAGame * batch_.num_rows();
  }

 private:
  int random_world() { return dice_.between(0, kNumWorlds - 1); }

  void disturb() {
    if (dice_.one_in(10)) batch_.fork(random_world(), random_world());
    if (dice_.one_in(20)) invariants_.check_accepted(random_world());
    if (dice_.one_in(100)) batch_.reset(dice_.bits(), counting_streams(kNumWorlds), dice_.one_in(2));
  }

  void step_somehow() {
    if (dice_.one_in(2)) return batch_.step();
    const int first = dice_.between(0, 1);
    batch_.send(first);
    if (dice_.one_in(2)) CHECK_EQ(batch_.recv(), first);
    batch_.send(1 - first);
    while (batch_.recv() == first) continue;
  }

  const uint64_t seed_;
  Dice dice_;
  const RandomGame game_;
  ColonyBatch batch_;
  Invariants invariants_;
};

}  // namespace
}  // namespace metta

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4 || std::atoll(argv[1]) < 1) {
    std::cerr << "usage: fuzz NUM_AGENT_STEPS [NUM_THREADS [FIRST_SEED]]\n";
    return 2;
  }
  const int64_t num_wanted = std::atoll(argv[1]);
  const int num_threads = argc > 2 ? std::atoi(argv[2]) : 1;
  const auto first_seed = static_cast<uint64_t>(argc > 3 ? std::atoll(argv[3]) : 1);
  int64_t num_done = 0;
  uint64_t seed = first_seed;
  for (; num_done < num_wanted; ++seed) num_done += metta::Fuzzer(seed, num_threads).play();
  std::cout << num_done << " agent-steps of " << seed - first_seed << " random games on " << num_threads << " threads, "
            << metta::check::num_failures() << " findings\n";
  return metta::check::num_failures() == 0 ? 0 : 1;
}
