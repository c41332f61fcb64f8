// The rule table as data: plain structs that the step functions interpret. Names and meanings as in docs/rules.md.
#pragma once

#include <cstdint>
#include <type_traits>

namespace metta::colony {

constexpr int kEmptyKind = 0;
constexpr int kAgentKind = 1;
constexpr int kHeading = 0;  // the variable that says where an object looks: 0 north, 1 east, 2 south, 3 west
constexpr int kNoop = 0;     // action 0
constexpr int kNone = -1;
constexpr int kFullKinship = 240;  // a kinship score of 1

// Whom a word of a rule is about. World and group are things without a place that carry variables, too.
enum class Who : uint8_t { kActor, kTarget, kWorld, kGroup, kCount };

// Where a rule's number comes from.
enum class OperandMode : int32_t {
  kConstant,
  kActorTrait,
  kTargetTrait,
  kActorVariable,
  kTargetVariable,
  kWorldVariable,
  kGroupVariable,
  kCount
};

struct Operand {
  OperandMode mode;
  int32_t value;  // the constant, or the index of the trait or variable
};

enum class FilterOp : uint8_t {
  kAtLeast,
  kAtMost,
  kHasRoom,
  kSame,
  kChance,
  kEvery,
  kNearby,
  kTotal,
  kCompare,
  kRelated,
  kBonded,
  kMates,
  kCourted,
  kOnGround,
  kOnTrace,
  kCanBear,
  kCount
};

// Filters and effects have no padding: worlds whose numbers vary carry copies, and equal worlds have equal bytes.
struct Filter {
  FilterOp op;
  Who who;
  int16_t variable;
  Operand operand;
  int32_t extra1;
  int32_t extra2;
  int32_t negate;  // 0 or 1
};
static_assert(std::has_unique_object_representations_v<Filter>);

enum class EffectOp : uint8_t {
  kAdd,
  kSet,
  kMove,
  kStep,
  kSwap,
  kPush,
  kRemove,
  kSpawn,
  kBecome,
  kReward,
  kCount_,
  kProfile,
  kGather,
  kCourt,
  kBond,
  kPart,
  kBirth,
  kKinship,
  kLay,
  kTrace,
  kCount
};

struct Effect {
  EffectOp op;
  Who who;
  int16_t variable;
  Operand operand;
  int32_t extra1;
  int32_t extra2;
  int32_t reach;  // done to all things in this reach instead of one; kNone
};
static_assert(std::has_unique_object_representations_v<Effect>);

// Where a new thing appears: in the target's empty cell, in a free cell beside it, or anywhere.
enum class SpawnPlace : uint8_t { kThere, kBeside, kAnywhere, kCount };

// Which things around a place are meant.
struct Reach {
  int16_t kind;      // kNone: all
  int16_t radius;    // cells, diagonals included
  int16_t variable;  // kNone: whatever they have
  bool is_equal;     // the variable is `value`; else it is at least that
  int32_t value;
  int16_t same;  // has the actor's value of this variable; kNone: whatever it is
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

// What the ground of a cell is made of; 0 is plain ground.
struct Ground {
  int16_t feature;  // kNone: not shown
  uint8_t shown;    // value of the token
  bool hides;       // who stands here is seen from the cells around only
};

// How kin scores come about at the start of an episode, and who sees them.
enum class KinshipMode : uint8_t { kNone, kTemplates, kRandomPairs, kCount };
enum class KinshipNoise : uint8_t { kExact, kPerObservation, kPerEpisode, kCount };

// A way in which rewards of a step are passed on; see sharing.hpp for the formulas.
enum class SharingMode : uint8_t { kKinship, kGroup, kFamily, kBond, kPrestige, kCount };

struct Sharing {
  SharingMode mode;
  int32_t share;     // in 1/65536 of a reward; prestige: thousandths of reward for the first
  int16_t variable;  // group: equal values share; prestige: what ranks
  int32_t limit;     // family: least score; prestige: period in steps
  int16_t stat_given, stat_received;
};

// A number that is drawn anew for every episode, and what it changes.
struct Param {
  int32_t count;         // values, all equally likely
  int16_t feature;       // kNone: not shown
  int32_t tokens_begin;  // into Tables::param_tokens
};

enum class PatchTable : uint8_t { kCap, kInitial, kTrait, kFilter, kEffect, kAgentInitial, kMaxSteps, kCount };

struct Patch {
  int32_t param;
  PatchTable table;
  int32_t cell;          // flat index into the raw table
  int32_t values_begin;  // into Tables::patch_values
};

// A variable that a child gets from one of its parents.
struct Gene {
  int16_t variable;
  int32_t mutation;  // chance in 1/65536
  int32_t span;      // most by which a mutation changes it
};

}  // namespace metta::colony
