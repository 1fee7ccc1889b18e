// Tables of ViewMember, made from PREAU_DESCRIBE. Included by view_type.hpp alone.
#pragma once

#include "web/view_type.hpp"

#include <bit>
#include <concepts>
#include <ranges>
#include <type_traits>

namespace preau::web::detail {

template <class T> constexpr bool is_id = false;
template <class Tag> constexpr bool is_id<Id<Tag>> = true;
template <class T> constexpr bool is_optional = false;
template <class T> constexpr bool is_optional<std::optional<T>> = true;

template <class T>
concept PlainText = std::same_as<T, std::string> || std::same_as<T, std::string_view>;
template <class T> // web::Text<5, 200> of a form that is shown again
concept LimitedText = requires(const T& text) {
    T::most;
    { text.value } -> std::convertible_to<std::string_view>;
};
template <class T>
concept Whole = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept Writable = PlainText<T> || LimitedText<T> || Whole<T> || is_id<T> || std::same_as<T, Html>;
template <class T>
concept Sequence = std::ranges::random_access_range<const T> && std::ranges::sized_range<const T> && !PlainText<T>;

template <class T> const T& at(const void* member) { return *static_cast<const T*>(member); }

template <Writable T> std::string_view text(const void* member, std::string& scratch) {
    const T& value = at<T>(member);
    if constexpr (PlainText<T>) {
        return value;
    } else if constexpr (std::same_as<T, Html>) {
        return value.text;
    } else if constexpr (is_id<T>) {
        scratch = to_text(value);
        return scratch;
    } else if constexpr (LimitedText<T>) {
        return value.value;
    } else {
        char digits[24];
        scratch.assign(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
        return scratch;
    }
}

template <class T> constexpr ViewMember::Kind kind_of() {
    using enum ViewMember::Kind;
    if constexpr (std::same_as<T, bool>)
        return Flag;
    else if constexpr (std::same_as<T, Html>)
        return Raw;
    else if constexpr (Whole<T>)
        return Number;
    else if constexpr (Writable<T>)
        return Text;
    else if constexpr (is_optional<T>)
        return Optional;
    else if constexpr (Sequence<T>)
        return List;
    else
        return Object;
}

template <class T> void fill_optional(ViewMember& member) {
    using Inside = typename T::value_type;
    member.truth = [](const void* address) { return at<T>(address).has_value(); };
    member.element = [](const void* address, std::size_t) -> const void* { return &*at<T>(address); };
    member.type = &view_type<Inside>;
    if constexpr (Writable<Inside>)
        member.text = [](const void* address, std::string& scratch) -> std::string_view {
            const T& value = at<T>(address);
            return value ? text<Inside>(&*value, scratch) : std::string_view{};
        };
}

template <class T> void fill_list(ViewMember& member) {
    member.truth = [](const void* address) { return std::ranges::size(at<T>(address)) != 0; };
    member.count = [](const void* address) -> std::size_t { return std::ranges::size(at<T>(address)); };
    member.element = [](const void* address, std::size_t index) -> const void* {
        return &*(std::ranges::begin(at<T>(address)) + static_cast<std::ranges::range_difference_t<const T>>(index));
    };
    member.type = &view_type<std::ranges::range_value_t<T>>;
}

template <class T> ViewMember member_of(std::string_view name, std::size_t offset) {
    ViewMember member{.name = name, .kind = kind_of<T>(), .offset = offset};
    if constexpr (is_optional<T>) {
        fill_optional<T>(member);
    } else if constexpr (std::same_as<T, bool>) {
        member.truth = [](const void* address) { return at<bool>(address); };
    } else if constexpr (Writable<T>) {
        member.text = &text<T>;
        if constexpr (PlainText<T> || std::same_as<T, Html> || LimitedText<T>) {
            // A text opens a section too: shown when not empty, `{{.}}` is the text itself.
            member.truth = [](const void* address) {
                std::string scratch;
                return !text<T>(address, scratch).empty();
            };
            member.element = [](const void* address, std::size_t) { return address; };
            member.type = &view_type<T>;
        }
    } else if constexpr (Sequence<T>) {
        fill_list<T>(member);
    } else {
        static_assert(Described<T>,
                      "a member of a view is text, number, flag, Html, Id, optional, list or described struct");
        member.element = [](const void* address, std::size_t) { return address; };
        member.type = &view_type<T>;
    }
    return member;
}

// "preau::files::FolderView" for the messages of TemplateError.
template <class T> constexpr std::string_view type_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    auto start = text.find("T = ");
    return start == text.npos ? text : text.substr(start + 4, text.size() - start - 5);
}

template <class T> ViewType make_type() {
    ViewType type{.name = type_name<T>(), .members = {}};
    if constexpr (Described<T>) {
        for_each_member_of<T>([&](std::string_view name, auto pointer) {
            using Member = std::remove_cvref_t<decltype(std::declval<const T&>().*pointer)>;
            // Itanium ABI §2.3.1: a pointer to a data member is its offset. offsetof wants a name, we have a pointer.
            type.members.push_back(
                member_of<Member>(name, static_cast<std::size_t>(std::bit_cast<std::ptrdiff_t>(pointer))));
        });
    } else {
        type.members.push_back(member_of<T>(".", 0));
    }
    return type;
}

} // namespace preau::web::detail

namespace preau::web {
template <class T> const ViewType& view_type() {
    static const ViewType type = detail::make_type<T>();
    return type;
}
} // namespace preau::web
