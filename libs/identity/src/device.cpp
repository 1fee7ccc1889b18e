// "Firefox, Linux" from a User-Agent: enough for a person to recognise their own devices, and no more than that is
// stored.
#include "identity/sessions.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace preau::identity {
namespace {

using Mark = std::pair<std::string_view, std::string_view>; // what stands in the header, what people call it

// Order matters: Chrome says Safari, Edge says Chrome, Android says Linux, an iPad says Mac OS X.
constexpr std::array<Mark, 11> programs{{{"Nextcloud", "Nextcloud"},
                                         {"mirall", "Nextcloud"},
                                         {"rclone", "rclone"},
                                         {"curl/", "curl"},
                                         {"Edg", "Edge"},
                                         {"OPR/", "Opera"},
                                         {"Firefox/", "Firefox"},
                                         {"FxiOS/", "Firefox"},
                                         {"Chrome/", "Chrome"},
                                         {"CriOS/", "Chrome"},
                                         {"Safari/", "Safari"}}};
constexpr std::array<Mark, 7> systems{{{"Android", "Android"},
                                       {"iPhone", "iPhone"},
                                       {"iPad", "iPad"},
                                       {"Windows", "Windows"},
                                       {"CrOS", "ChromeOS"},
                                       {"Mac OS X", "macOS"},
                                       {"Linux", "Linux"}}};

template <std::size_t count> std::string_view first_of(std::string_view text, const std::array<Mark, count>& marks) {
    for (const auto& [mark, name] : marks)
        if (text.contains(mark)) return name;
    return {};
}

} // namespace

std::string describe_device(std::string_view user_agent) {
    std::string device{first_of(user_agent, programs)};
    auto system = first_of(user_agent, systems);
    if (!device.empty() && !system.empty()) device += ", ";
    device += system;
    return device;
}

} // namespace preau::identity
