// What the template engine knows of a described struct at run time: member names, kinds and how to reach them.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preau::web {

// Markup that this project made or sanitised; the only thing that is written without escaping.
struct Html {
    std::string text;
};

struct ViewType;

// The functions take the address of the member itself, that is of the object plus `offset`.
struct ViewMember {
    enum class Kind { Text, Number, Flag, Raw, Object, List, Optional };
    std::string_view name;
    Kind kind = Kind::Text;
    std::size_t offset = 0;
    // Text, Raw, Number, and Optional of one of them. What is not stored as text is written into `scratch`.
    std::string_view (*text)(const void* member, std::string& scratch) = nullptr;
    bool (*truth)(const void* member) = nullptr; // Flag; Optional: has a value; List and Text: not empty
    std::size_t (*count)(const void* member) = nullptr;                      // List
    const void* (*element)(const void* member, std::size_t index) = nullptr; // List; Object, Optional, Text: index 0
    // Of the elements: a described struct, or a scalar as a type with the one member ".".
    const ViewType& (*type)() = nullptr;
};

struct ViewType {
    std::string_view name;
    std::vector<ViewMember> members;
};

template <class T> const ViewType& view_type(); // built once per type, thread-safe

} // namespace preau::web

#include "web/view_type_detail.hpp"
