// Runs every registered test, or those whose name contains the first argument.
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

}  // namespace

int main(int argc, char** argv) {
  int num_passed = 0, num_failed = 0;
  for (const auto& test : metta::check::registry()) {
    if (argc > 1 && std::strstr(test.name, argv[1]) == nullptr) continue;
    const bool is_passed = passes(test);
    if (!is_passed) std::cerr << "FAILED " << test.name << "\n";
    ++(is_passed ? num_passed : num_failed);
  }
  std::cout << num_passed << " passed, " << num_failed << " failed\n";
  return num_failed == 0 && num_passed > 0 ? 0 : 1;
}
