// The parts of a cage that a process puts on itself. Each answers an empty text, or the step that failed: the caller
// must then not go on.
#pragma once

#include "wire.hpp"

#include <string>

namespace preau::sandbox {

std::string failed_step(const char* step); // with the words of errno

std::string drop_privileges();     // no_new_privs, no capability, none to be had again
std::string limit_resources(const OrderHead& limits);
std::string close_all_from(int first);
std::string close_all_but(int one, int other); // of the descriptors from 10 on

int landlock_version(); // 0: the kernel has none
// Nothing of the tree of files, no TCP, no abstract socket and no signal to outside, as far as the version goes.
std::string landlock_nothing();
// Reading the system's part of the view, writing below `writable`, executing `program` and the loader of programs.
std::string landlock_tool(int program, const std::string& writable);

// System calls; nothing can widen them afterwards. A call that only an attacker makes ends the process (SIGSYS).
std::string filter_strict(); // for this very process: it may signal no other
std::string filter_tool(bool own_sockets, bool may_fork);
std::string filter_missing(); // empty: the kernel can do it

} // namespace preau::sandbox
