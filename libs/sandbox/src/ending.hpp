// How a job ended, as numbers on the wire: the values of Outcome::End, repeated here because worker programs do not
// link the server's half (sandbox.cpp asserts that both agree).
#pragma once

namespace preau::sandbox {

enum class End { Exited, Crashed, Forbidden, OutOfMemory, OutOfTime, TooMuchOutput, NotStarted };
struct Ending {
    End end = End::Exited;
    int status = 0;
};
inline constexpr int out_of_memory_status = 77; // worker::exit_out_of_memory
inline constexpr int exit_not_locked = 78;     // of a worker that could not lock itself and did nothing

} // namespace preau::sandbox
