#pragma once

namespace preau::sandbox {

// The helper's whole life, in the process forked for it: serves orders that come on `orders` until the server is gone.
[[noreturn]] void run_helper(int orders);

} // namespace preau::sandbox
