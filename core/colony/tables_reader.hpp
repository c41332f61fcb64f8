// Reads named raw tables and checks their entries: what is wrong is refused with table, row and the valid range.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "colony/tables.hpp"

namespace metta::colony {

[[noreturn]] inline void refuse(const std::string& what) { throw std::invalid_argument("game tables: " + what); }

// Reads one named table and checks its entries.
class Reader {
 public:
  explicit Reader(const RawTables& raw) : raw_(raw) {}

  const std::vector<int32_t>& table(const std::string& name) const {
    const auto found = raw_.find(name);
    if (found == raw_.end()) refuse("'" + name + "' is missing");
    return found->second;
  }

  const std::vector<int32_t>& sized(const std::string& name, size_t size) const {
    const auto& values = table(name);
    if (values.size() != size) {
      refuse("'" + name + "' has " + std::to_string(values.size()) + " entries, needs " + std::to_string(size));
    }
    return values;
  }

  int num_rows(const std::string& name, int columns) const {
    const size_t size = table(name).size();
    if (size % static_cast<size_t>(columns) != 0) refuse("'" + name + "' does not divide into rows of " + std::to_string(columns));
    return static_cast<int>(size / static_cast<size_t>(columns));
  }

 private:
  const RawTables& raw_;
};

inline int in_range(int value, int low, int high, const std::string& what) {
  if (value < low || value > high) {
    refuse(what + " is " + std::to_string(value) + ", must lie in " + std::to_string(low) + ".." + std::to_string(high));
  }
  return value;
}

inline void all_in_range(const std::vector<int32_t>& values, int low, int high, const std::string& what) {
  for (size_t i = 0; i < values.size(); ++i) in_range(values[i], low, high, what + "[" + std::to_string(i) + "]");
}

inline Range range_of(int begin, int count, size_t size, const std::string& what) {
  in_range(begin, 0, static_cast<int>(size), what + " begin");
  in_range(count, 0, static_cast<int>(size) - begin, what + " count");
  return {begin, count};
}

// The rows begins[i] .. begins[i + 1] of a table.
inline Range range_between(const std::vector<int32_t>& begins, size_t i, size_t size, const std::string& what) {
  const int begin = in_range(begins[i], 0, static_cast<int>(size), what + " begin");
  return {begin, in_range(begins[i + 1], begin, static_cast<int>(size), what + " end") - begin};
}

TokenSource token_source_of(const int32_t* row, const Tables& t, const std::string& what);
std::vector<TokenSource> token_sources_of(const Reader& in, const std::string& name, const Tables& t);
Filter filter_of(const int32_t* row, const Tables& t, const std::string& what);
Effect effect_of(const int32_t* row, const Tables& t, const std::string& what);

// tables_society.cpp: what a game has beside things and rules.
void read_ground(const Reader& in, Tables& t);
void read_reaches(const Reader& in, Tables& t);
void read_kinship(const Reader& in, Tables& t);
void read_sharing(const Reader& in, Tables& t);
void read_births(const Reader& in, Tables& t);
void read_params(const Reader& in, Tables& t);

}  // namespace metta::colony
