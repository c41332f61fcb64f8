// Runs every registered test, or those whose name contains one of the arguments.
#include <cstring>
#include <exception>

#include "check.hpp"

namespace {

bool passes(const metta::check::Test& test) {
  const int before = metta::check::num_failures();
  metta::check::context().clear();
  try {
    test.body();
  } catch (const std::exception& error) {
    metta::check::fail(test.name, 0, std::string("unexpected exception: ") + error.what());
  }
  return metta::check::num_failures() == before;
}

bool is_wanted(const char* name, int argc, char** argv) {
  bool is_named = argc == 1;
  for (int i = 1; i < argc; ++i) is_named |= std::strstr(name, argv[i]) != nullptr;
  return is_named;
}

}  // namespace

int main(int argc, char** argv) {
  int num_passed = 0, num_failed = 0;
  for (const auto& test : metta::check::registry()) {
    if (!is_wanted(test.name, argc, argv)) continue;
    const bool is_passed = passes(test);
    if (!is_passed) std::cerr << "FAILED " << test.name << "\n";
    ++(is_passed ? num_passed : num_failed);
  }
  std::cout << num_passed << " passed, " << num_failed << " failed\n";
  return num_failed == 0 && num_passed > 0 ? 0 : 1;
}
