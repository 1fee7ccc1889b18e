#include "base/executor.hpp"

namespace preau {
namespace {
thread_local Executor* current = nullptr;
}

Executor* current_executor() { return current; }

ExecutorScope::ExecutorScope(Executor* executor) : previous_{current} { current = executor; }
ExecutorScope::~ExecutorScope() { current = previous_; }

} // namespace preau
