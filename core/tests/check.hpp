// A test framework of one file: TEST(name) { CHECK(...); CHECK_EQ(a, b); CHECK_THROWS(Type, ...); }, run by check_main.cpp.
#pragma once

#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace metta::check {

struct Test {
  const char* name;
  void (*body)();
};

inline std::vector<Test>& registry() {
  static std::vector<Test> tests;
  return tests;
}

inline int& num_failures() {
  static int count = 0;
  return count;
}

// What is being tried, for messages: the seed of a random game, say.
inline std::string& context() {
  static std::string text;
  return text;
}

struct Registration {
  Registration(const char* name, void (*body)()) { registry().push_back({name, body}); }
};

// Says where a check failed, for the first few times; the count goes on.
inline void fail(const char* file, int line, const std::string& what) {
  constexpr int kShown = 20;
  if (++num_failures() <= kShown)
    std::cerr << file << ":" << line << ": " << what << (context().empty() ? "" : " [" + context() + "]") << "\n";
}

template <class A, class B>
void check_equal(const A& a, const B& b, const char* text, const char* file, int line) {
  if (a == b) return;
  std::ostringstream out;
  out << text << ": " << +a << " != " << +b;
  fail(file, line, out.str());
}

}  // namespace metta::check

#define TEST(name)                                                               \
  static void test_##name();                                                     \
  static const metta::check::Registration registered_##name(#name, test_##name); \
  static void test_##name()

#define CHECK(...)                                                            \
  do {                                                                        \
    if (!(__VA_ARGS__)) metta::check::fail(__FILE__, __LINE__, #__VA_ARGS__); \
  } while (false)

#define CHECK_EQ(a, b) metta::check::check_equal((a), (b), #a " == " #b, __FILE__, __LINE__)

#define CHECK_THROWS(Type, ...)                                                          \
  do {                                                                                   \
    bool has_thrown = false;                                                             \
    try {                                                                                \
      __VA_ARGS__;                                                                       \
    } catch (const Type&) {                                                              \
      has_thrown = true;                                                                 \
    }                                                                                    \
    if (!has_thrown) metta::check::fail(__FILE__, __LINE__, #__VA_ARGS__ ": no " #Type); \
  } while (false)
