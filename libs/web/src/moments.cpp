#include "moments.hpp"

#include <unicode/timezone.h>

#include <map>
#include <memory>
#include <string>

namespace preau::web {
namespace {

std::unique_ptr<icu::TimeZone> open_zone(std::string_view name) {
    const auto length = static_cast<std::int32_t>(name.size());
    std::unique_ptr<icu::TimeZone> zone{
        icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8({name.data(), length}))};
    if (*zone != icu::TimeZone::getUnknown()) return zone;
    return std::unique_ptr<icu::TimeZone>{icu::TimeZone::createTimeZone("Europe/Paris")};
}

// One per thread: ICU's zones may be read by several threads, our map may not. Names come from structures and are few;
// the bound keeps a hostile caller from filling the memory.
const icu::TimeZone& zone_of(std::string_view name) {
    constexpr std::size_t most_zones = 64;
    thread_local std::map<std::string, std::unique_ptr<icu::TimeZone>, std::less<>> zones;
    if (auto found = zones.find(name); found != zones.end()) return *found->second;
    if (zones.size() >= most_zones) zones.clear();
    return *zones.emplace(name, open_zone(name)).first->second;
}

} // namespace

Moment moment_in(std::string_view zone, Millis moment) {
    std::int32_t raw = 0;
    std::int32_t summer = 0;
    UErrorCode problem = U_ZERO_ERROR;
    zone_of(zone).getOffset(static_cast<UDate>(moment), false, raw, summer, problem);
    const std::chrono::sys_time<std::chrono::milliseconds> local{std::chrono::milliseconds{moment + raw + summer}};
    const auto day = std::chrono::floor<std::chrono::days>(local);
    return {.day = day, .minute = static_cast<int>(std::chrono::floor<std::chrono::minutes>(local - day).count())};
}

} // namespace preau::web
