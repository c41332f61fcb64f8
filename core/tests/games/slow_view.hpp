// What a world shows, written again from the raw tables in the most obvious way: observations, action masks, cached tokens.
#pragma once

#include "colony/world.hpp"
#include "random_game.hpp"

namespace metta {

// The game's tables with the numbers that one world drew for its episode, and "max_steps" if that was among them.
colony::RawTables patched_tables(const colony::RawTables& raw, const colony::World& world);

class SlowView {
 public:
  SlowView(const colony::RawTables& raw, const colony::World& world);

  // The row of one agent, and by how many tokens it was too short.
  std::vector<uint8_t> observation(int agent, int& dropped) const;
  std::vector<uint8_t> action_mask(int agent) const;
  // What everybody sees of an object: features and values.
  std::vector<uint8_t> tokens_of(int object) const;

 private:
  using Tokens = std::vector<uint8_t>;
  struct Cell {  // in sight, with what is there
    int where, distance, object;
    Tokens things, ground, trace;
  };

  int raw(const char* name, int index) const { return raw_.at(name)[static_cast<size_t>(index)]; }
  int num_rows(const char* name, int columns) const { return static_cast<int>(raw_.at(name).size()) / columns; }
  bool is_inside(int row, int col) const;
  int object_at(int row, int col) const;  // -1 = none
  int value(const char* table, int row, int object) const;
  void append_values(Tokens& tokens, const char* table, int object) const;
  Tokens globals(int agent) const;
  int sight(int agent) const;
  bool is_rich() const;
  std::vector<Cell> cells_in_sight(int agent) const;
  Cell cell_at(int agent, int down, int right) const;
  bool is_hidden(int agent, const Cell& cell, int down, int right) const;
  Tokens thing_tokens(int agent, int object, int where) const;
  int shown_kinship(int agent, int other) const;
  int turned(int where, int heading) const;
  bool is_tight(const Tokens& globals, const std::vector<Cell>& cells) const;

  // slow_rules.cpp: conditions of actions in the coming step
  int object_of(int who, int agent) const;  // -1 = none
  int group_of(int agent) const;
  int variable_of(int object, int variable) const;
  int operand(int mode, int index, int agent) const;
  bool holds(int filter, int agent) const;
  bool has_room(int object, int variable, int wanted) const;
  std::vector<int> around(int reach, int object, int agent) const;
  bool is_meant(int reach, int object, int agent) const;
  int ground_of(int object) const;
  int trace_of(int object) const;
  bool can_bear(int object) const;

  const colony::RawTables raw_;
  const colony::World& w_;
  std::vector<int> object_at_;  // [height, width], from the objects' places; -1 = none
};

// Columns of the table `sizes`.
enum Size {
  kNumAgents,
  kHeight,
  kWidth,
  kMaxObjects,
  kMaxSteps,
  kNumTokens,
  kViewHeight,
  kViewWidth,
  kHeadingUp,
  kNumInitial = 12,
  kWorldKind,
  kGroupKind,
  kNumGroups,
  kGroupVariable,
  kSightVariable
};

}  // namespace metta
