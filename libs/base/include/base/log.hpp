// The log: one line per event, `key=value`, for a system administrator. Never a token, a password, a name or an address
// of a person; never a line per packet. spdlog stands behind it, in log.cpp.
#pragma once

#include <fmt/core.h>

#include <string_view>

namespace preau::log {

enum class Level { Debug, Info, Warn, Error };
void set_level(Level level); // default Info; tests use Warn
bool enabled(Level level);
void write(Level level, std::string_view line);

template <class... Args> void debug(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::Debug)) write(Level::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args> void info(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::Info)) write(Level::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args> void warn(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::Warn)) write(Level::Warn, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args> void error(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::Error, fmt::format(format, std::forward<Args>(args)...));
}

} // namespace preau::log
