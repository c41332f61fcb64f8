// The rule table as data: plain structs that the step functions interpret. Names and meanings as in docs/rules.md.
#pragma once

#include <cstdint>

namespace metta::colony {

constexpr int kEmptyKind = 0;
constexpr int kAgentKind = 1;
constexpr int kHeading = 0;  // the variable that says where an object looks: 0 north, 1 east, 2 south, 3 west
constexpr int kNoop = 0;     // action 0
constexpr int kNone = -1;

enum class Who : uint8_t { kActor, kTarget };

// Where a rule's number comes from.
enum class OperandMode : uint8_t { kConstant, kActorTrait, kTargetTrait, kActorVariable, kTargetVariable, kCount };

struct Operand {
  OperandMode mode;
  int32_t value;  // the constant, or the index of the trait or variable
};

enum class FilterOp : uint8_t { kAtLeast, kAtMost, kHasRoom, kSame, kChance, kEvery, kNearby, kCount };

struct Filter {
  FilterOp op;
  Who who;
  bool negate;
  int16_t variable;
  Operand operand;
  int32_t extra1;
  int32_t extra2;
};

enum class EffectOp : uint8_t { kAdd, kSet, kMove, kStep, kSwap, kPush, kRemove, kSpawn, kBecome, kReward, kCount_, kProfile, kCount };

struct Effect {
  EffectOp op;
  Who who;
  int16_t variable;
  Operand operand;
  int32_t extra1;
  int32_t extra2;
};

struct Range {
  int32_t begin;
  int32_t count;
};

struct Rule {
  Range filters;
  Range effects;
};

// What an action aims at.
enum class Selector : uint8_t { kSelf, kRelative, kAbsolute, kCount };

struct Action {
  Selector selector;
  int8_t forward_or_direction;
  int8_t right;
  int16_t stat_success;
  int16_t stat_failed;
  Range conditions;  // into Tables::action_conditions
  Range costs;       // into Tables::effects
};

// One row of what an object shows: clamp(ceil((variable + offset) / scale), 0, 255), a constant where variable is kNone (it counts as 0).
struct TokenSource {
  int16_t variable;
  uint8_t feature;
  int32_t scale;
  int32_t offset;
};

}  // namespace metta::colony
