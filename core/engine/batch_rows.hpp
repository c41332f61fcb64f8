// What a game writes for its agents, and where: the arrays of a batch, and one world's part of them.
#pragma once

#include <cstdint>

namespace metta {

struct BatchShape {
  int num_agents;
  int num_tokens;
  int num_actions;
  int num_stats;
};

// Pointers to the first row of one world. Rows are agents.
struct WorldRows {
  uint8_t* observations;        // [A, num_tokens, 3]
  uint16_t* used_bytes;         // [A] how much of each row was written the last time
  float* rewards;               // [A]
  uint8_t* terminated;          // [A] died in this step
  uint8_t* truncated;           // [A] the episode ended by time in this step
  uint8_t* alive;               // [A] acts in the next step
  uint8_t* action_mask;         // [A, num_actions]
  uint8_t* final_observations;  // [A, num_tokens, 3] of the last episode that ended
  float* episode_return;        // [A] likewise
  int32_t* episode_stats;       // [A, num_stats] likewise
  uint8_t* episode_ended;       // [1] in this step
  int32_t* episode_length;      // [1]
  int32_t* episode_game;        // [1] which of the batch's games that was
  int32_t* game;                // [1] the game that is played
  const int32_t* next_game;     // [1] the game of the next episode
};

}  // namespace metta
