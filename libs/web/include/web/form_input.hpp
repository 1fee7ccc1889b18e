// A form read into a described struct, and given back with its field errors.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "http/message.hpp"

#include <charconv>

namespace preau::web {

// Text with limits in code points; the type checks the form and writes minlength/maxlength.
template <std::size_t Least, std::size_t Most> struct Text {
    static constexpr std::size_t least = Least;
    static constexpr std::size_t most = Most;
    std::string value;
};

struct FieldError {
    std::string field;
    std::string message; // translated
};
PREAU_DESCRIBE(FieldError, field, message)

// Reads std::string, Text<a,b>, bool (present), integers and Ids by member name; unknown inputs are ignored.
// Errors: text_too_short, text_too_long, number_malformed, text_not_utf8, with the member as `field`.
template <Described T> Result<T> read_form(const http::Form& form) {
    T object{};
    std::optional<Error> first;
    for_each_member(object, [&](std::string_view name, auto& member) {
        if (first) return;
        using Member = std::remove_cvref_t<decltype(member)>;
        auto raw = form.value(name);
        if constexpr (requires { Member::most; }) {
            auto line = check_line(raw, name, Member::least, Member::most);
            if (line)
                member.value = *line;
            else
                first = line.error();
        } else if constexpr (std::is_same_v<Member, std::string>) {
            if (!valid_utf8(raw))
                first = Error{.kind = Error::Kind::Invalid, .key = "text_not_utf8", .field = std::string{name}};
            else
                member = raw;
        } else if constexpr (std::is_same_v<Member, bool>) {
            member = form.has(name) && raw != "0" && raw != "false";
        } else if constexpr (std::is_integral_v<Member>) {
            if (!raw.empty()) {
                auto [end, problem] = std::from_chars(raw.data(), raw.data() + raw.size(), member);
                if (problem != std::errc{} || end != raw.data() + raw.size())
                    first = Error{.kind = Error::Kind::Invalid, .key = "number_malformed", .field = std::string{name}};
            }
        } else {
            if (!raw.empty()) {
                auto id = parse_id<Member>(raw);
                if (id)
                    member = *id;
                else
                    first = Error{.kind = Error::Kind::Invalid, .key = "number_malformed", .field = std::string{name}};
            }
        }
    });
    if (first) return std::unexpected(std::move(*first));
    return object;
}

} // namespace preau::web
