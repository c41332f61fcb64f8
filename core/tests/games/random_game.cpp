#include "random_game.hpp"

#include <algorithm>

#include "game_writer.hpp"

namespace metta {

RandomGame GameWriter::write() {
  write_sizes();
  write_variables();
  write_bodies();
  write_ground();
  write_reaches();
  write_kinship();
  write_tokens();
  write_filters();
  write_effects();
  write_rules();
  write_actions();
  write_action_rules();
  write_sharing();
  write_births();
  write_params();
  write_maps();
  return std::move(game_);
}

void GameWriter::write_sizes() {
  height_ = dice_.between(5, 40);
  width_ = dice_.between(5, 40);
  const int area = height_ * width_;
  num_agents_ = dice_.one_in(3) ? dice_.between(1, 3) : dice_.between(1, std::min(40, area / 2));
  num_initial_ = dice_.one_in(2) ? num_agents_ : dice_.between(1, num_agents_);
  num_objects_ = dice_.between(0, (area - num_agents_) * dice_.between(1, 6) / 10);
  const int num_spare = dice_.one_in(3) ? 0 : dice_.between(1, 30);
  is_heading_up_ = dice_.one_in(2);
  const int view_height = 3 + 2 * below(7), view_width = is_heading_up_ ? view_height : 3 + 2 * below(7);
  view_ = std::max(view_height, view_width);
  num_features_ = dice_.between(1, 255);
  num_stats_ = dice_.between(0, 12);
  max_steps_ = dice_.one_in(4) ? dice_.between(1, 10) : dice_.between(10, 300);
  const int num_tokens = dice_.pick<int>({1, 2, 5, 10, 11, 12, 20, 40, 100, 200, 200});
  num_variables_ = dice_.between(1, 20);
  num_profiles_ = dice_.between(1, 5);
  num_kinds_ = dice_.between(2, 9);
  num_traits_ = dice_.between(1, 4);
  num_actions_ = dice_.between(1, 40);
  // In some games nobody ever leaves; in others agents die all the time.
  lethality_ = dice_.pick<int>({0, 0, 3, 1});
  write_placeless();
  const int max_objects = num_agents_ + (world_kind_ >= 0) + num_groups_ + num_objects_ + num_spare;
  append("sizes", {num_agents_, height_, width_, max_objects, max_steps_, num_tokens, view_height, view_width, is_heading_up_,
                   num_features_, num_stats_, dice_.one_in(2), num_initial_, world_kind_, group_kind_, num_groups_, group_variable_,
                   sight_variable_, dice_.one_in(2)});
}

void GameWriter::write_variables() {
  for (int v = 0; v < num_variables_; ++v) {
    append("var_countdown", {dice_.one_in(4)});
    append("var_stat_gained", {or_none(num_stats_)});
    append("var_stat_lost", {or_none(num_stats_)});
  }
}

int GameWriter::random_cap(int variable) {
  if (variable == colony::kHeading) return dice_.one_in(5) ? below(4) : 3;
  return dice_.pick<int>({0, 1, 5, 100, 255, 256, 1000, 32767});
}

int GameWriter::random_initial(int variable) {
  const bool is_special = variable == group_variable_ || variable == sight_variable_;
  return is_special ? dice_.between(0, 7) : dice_.pick<int>({0, 0, 1, 3, 100, 32767});
}

void GameWriter::write_bodies() {
  for (int p = 0; p < num_profiles_; ++p) {
    for (int v = 0; v < num_variables_; ++v) {
      append("profile_cap", {random_cap(v)});
      append("profile_initial", {random_initial(v)});
    }
    for (int r = 0; r < num_traits_; ++r) append("profile_trait", {random_number()});
    append("profile_radius", {dice_.one_in(2) ? view_ / 2 : dice_.between(0, view_ / 2)});
  }
  for (int k = 0; k < num_kinds_; ++k) append("kind_profile", {below(num_profiles_)});
  for (int a = 0; a < num_agents_; ++a) {
    append("agent_profile", {below(num_profiles_)});
    for (int v = 0; v < num_variables_; ++v) append("agent_initial", {dice_.one_in(2) ? -1 : dice_.between(0, 400)});
  }
}

// Mostly small, sometimes as large as can be.
int GameWriter::random_number() {
  if (dice_.one_in(30)) return dice_.pick<int>({2147483647, -2147483647 - 1, 65536, -65536});
  return dice_.one_in(5) ? dice_.between(-50, 400) : dice_.between(0, 5);
}

void GameWriter::append_token(const char* name, int variable) {
  const bool is_plain = variable == colony::kHeading && is_heading_up_;
  const int scale = is_plain ? 1 : dice_.pick<int>({1, 1, 1, 7, 100, 1 << 20});
  const int offset = is_plain ? 1 : variable < 0 ? dice_.between(0, 300) : dice_.pick<int>({0, 0, 1, 1, -3, -(1 << 20), 1 << 20});
  append(name, {variable, below(num_features_), scale, offset});
}

void GameWriter::write_tokens() {
  int begin = 0;
  for (int k = 0; k < num_kinds_; ++k) {
    append("kind_tokens_begin", {begin});
    const int count = dice_.between(0, 10);
    bool has_heading = false;
    for (int i = 0; i < count; ++i) {
      int variable = or_none(num_variables_);
      if (variable == colony::kHeading && has_heading) variable = -1;
      has_heading |= variable == colony::kHeading;
      append_token("kind_tokens", variable);
    }
    begin += count;
  }
  append("kind_tokens_begin", {begin});
  for (const char* name : {"kind_tokens", "self_tokens", "world_tokens", "group_tokens"}) table(name);
  for (int i = dice_.between(0, 14); i > 0; --i) append_token("self_tokens", or_none(num_variables_));
  for (int i = dice_.between(0, 3); i > 0; --i) append_token("world_tokens", or_none(num_variables_));
  for (int i = dice_.between(0, 3); i > 0; --i) append_token("group_tokens", or_none(num_variables_));
  for (int i = 0; i < 3; ++i) append("global_features", {or_none(num_features_)});
  append("global_features", {has_kinship_ && !dice_.one_in(4) ? below(num_features_) : -1, dice_.one_in(2) ? below(num_features_) : -1});
  for (int a = 0; a < num_actions_; ++a) append("last_action_features", {or_none(num_features_)});
}

void GameWriter::write_maps() {
  const int num_maps = dice_.between(1, 4), area = height_ * width_;
  for (int map = 0; map < num_maps; ++map) {
    std::vector<int32_t> cells(static_cast<size_t>(area), colony::kEmptyKind);
    std::fill_n(cells.begin(), num_initial_, colony::kAgentKind);
    const int num_objects = num_kinds_ > 2 ? dice_.between(0, num_objects_) : 0;
    for (int i = 0; i < num_objects; ++i) cells[static_cast<size_t>(num_initial_ + i)] = dice_.between(2, num_kinds_ - 1);
    for (int i = area - 1; i > 0; --i) std::swap(cells[static_cast<size_t>(i)], cells[static_cast<size_t>(below(i + 1))]);
    const int rarity = dice_.pick<int>({1, 3, 20});
    for (int32_t& cell : cells) cell += dice_.one_in(rarity) ? 256 * below(num_grounds_) : 0;
    game_.maps.insert(game_.maps.end(), cells.begin(), cells.end());
  }
}

RandomGame random_game(uint64_t seed) { return GameWriter(seed).write(); }

}  // namespace metta
