// One description of a struct: SQL row, page view, JSON, form input, schema. All code over members starts here.
//   struct Topic { TopicId id; std::string title; };
//   PREAU_DESCRIBE(Topic, id, title)          // in the namespace of the struct
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <string_view>

#define PREAU_DESCRIBE(Type, ...) BOOST_DESCRIBE_STRUCT(Type, (), (__VA_ARGS__))

namespace preau {

template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

// Calls `visit(std::string_view name, member_pointer)` for each member in order.
template <Described T, class Visit> constexpr void for_each_member_of(Visit&& visit) {
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        [&](auto member) { visit(std::string_view{member.name}, member.pointer); });
}

// Calls `visit(std::string_view name, member&)` for each member in order.
template <class T, class Visit>
    requires Described<std::remove_cvref_t<T>>
constexpr void for_each_member(T&& object, Visit&& visit) {
    for_each_member_of<std::remove_cvref_t<T>>(
        [&](std::string_view name, auto pointer) { visit(name, object.*pointer); });
}

template <Described T>
constexpr std::size_t member_count =
    boost::mp11::mp_size<boost::describe::describe_members<T, boost::describe::mod_public>>::value;

} // namespace preau
