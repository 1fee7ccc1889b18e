// How clean HTML is spelled, by whoever writes it.
#pragma once

#include <string>
#include <string_view>

namespace preau::text {

inline constexpr std::string_view link_relation = R"( rel="nofollow noopener ugc")";

// References for & < > " in text and values alike; control characters go.
inline void append_escaped(std::string& out, char c) {
    switch (c) {
    case '&': out += "&amp;"; return;
    case '<': out += "&lt;"; return;
    case '>': out += "&gt;"; return;
    case '"': out += "&quot;"; return;
    case '\t':
    case '\n': out += c; return;
    default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
    }
}

inline void append_attribute(std::string& out, std::string_view name, std::string_view value) {
    ((out += ' ') += name) += "=\"";
    for (char c : value) append_escaped(out, c);
    out += '"';
}

// A sign instead of the box of a task list: nothing of a form enters, and a screen reader names it.
inline std::string_view sign_of_box(std::string_view type, bool checked) {
    if (type != "checkbox") return {};
    return checked ? "☑" : "☐";
}

} // namespace preau::text
