#include "http/router.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace preau::http {
namespace {

std::string_view name_of(Method method) {
    switch (method) {
    case Method::Get: return "GET";
    case Method::Head: return "HEAD";
    case Method::Post: return "POST";
    case Method::Put: return "PUT";
    case Method::Patch: return "PATCH";
    case Method::Delete: return "DELETE";
    case Method::Options: return "OPTIONS";
    case Method::Other: break;
    }
    return "";
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }
bool takes_rest(std::string_view segment) { return is_parameter(segment) && segment.ends_with("...}"); }

std::string_view parameter_name(std::string_view segment) {
    return segment.substr(1, segment.size() - (takes_rest(segment) ? 5 : 2));
}

std::string place(const std::source_location& where) { return fmt::format("{}:{}", where.file_name(), where.line()); }

} // namespace

// One tree per origin. Names of parameters belong to the route, so that /a/{id} and /a/{name}/b share a node.
struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    std::unique_ptr<Node> parameter;
    std::vector<const Route*> ends_here;
    std::vector<const Route*> rest; // `{name...}` below this node

    struct Walk {
        Method method;
        std::vector<std::string_view> segments;
        std::string_view path;
        std::vector<std::string_view> values = {}; // of the parameters on the way
        std::vector<Method> existing = {};         // at addresses that fit, for Allow
    };
    const Route* choose(const std::vector<const Route*>& routes, Walk& walk) const;
    const Route* find(Walk& walk, std::size_t depth) const;
};

struct Router::Roots {
    Node main;
    Node content;
};

const Route* Router::Node::choose(const std::vector<const Route*>& routes, Walk& walk) const {
    for (const auto* route : routes) {
        if (route->method == walk.method || (walk.method == Method::Head && route->method == Method::Get)) return route;
        walk.existing.push_back(route->method);
    }
    return nullptr;
}

const Route* Router::Node::find(Walk& walk, std::size_t depth) const {
    if (depth == walk.segments.size()) return choose(ends_here, walk);
    auto segment = walk.segments[depth];
    if (auto next = literal.find(segment); next != literal.end())
        if (const auto* route = next->second->find(walk, depth + 1)) return route;
    if (parameter && !segment.empty()) {
        walk.values.push_back(segment);
        if (const auto* route = parameter->find(walk, depth + 1)) return route;
        walk.values.pop_back();
    }
    if (rest.empty()) return nullptr;
    walk.values.push_back(walk.path.substr(static_cast<std::size_t>(segment.data() - walk.path.data())));
    if (const auto* route = choose(rest, walk)) return route;
    walk.values.pop_back();
    return nullptr;
}

Router::Match Router::match(Method method, std::string_view path, Origin origin) const {
    Match match;
    if (!roots_ || !path.starts_with('/')) return match;
    Node::Walk walk{.method = method, .segments = split(path.substr(1), '/'), .path = path};
    const auto& root = origin == Origin::Main ? roots_->main : roots_->content;
    match.route = root.find(walk, 0);
    if (match.route) {
        auto value = walk.values.begin();
        for (auto segment : split(std::string_view{match.route->pattern}.substr(1), '/'))
            if (is_parameter(segment)) match.parameters.emplace_back(parameter_name(segment), *value++);
        return match;
    }
    if (std::ranges::find(walk.existing, Method::Get) != walk.existing.end()) walk.existing.push_back(Method::Head);
    std::ranges::sort(walk.existing);
    auto repeated = std::ranges::unique(walk.existing);
    walk.existing.erase(repeated.begin(), repeated.end());
    for (auto allowed : walk.existing)
        match.allowed += (match.allowed.empty() ? "" : ", ") + std::string{name_of(allowed)};
    return match;
}

void Router::add(Method method, std::string pattern, Rule rule, Handler handler, SocketHandler socket,
                 std::source_location where) {
    PREAU_ASSERT(pattern.starts_with('/'));
    if (!roots_) roots_ = std::make_shared<Roots>();
    auto route = std::make_unique<Route>(Route{.method = method,
                                               .pattern = std::move(pattern),
                                               .rule = rule,
                                               .handler = std::move(handler),
                                               .socket = std::move(socket),
                                               .where = where});
    Node* node = rule.origin == Origin::Main ? &roots_->main : &roots_->content;
    auto segments = split(std::string_view{route->pattern}.substr(1), '/');
    auto* routes = &node->ends_here;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (takes_rest(segments[i])) {
            PREAU_ASSERT(i + 1 == segments.size());
            routes = &node->rest;
            break;
        }
        auto& next = is_parameter(segments[i]) ? node->parameter : node->literal[std::string{segments[i]}];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
        routes = &node->ends_here;
    }
    for (const auto* other : *routes)
        if (other->method == method)
            throw std::logic_error(fmt::format("two routes for {} {}: {} and {} ({})", name_of(method), route->pattern,
                                               place(other->where), place(where), other->pattern));
    routes->push_back(route.get());
    routes_.push_back(std::move(route));
}

void Router::get(std::string pattern, Rule rule, Handler handler, std::source_location where) {
    add(Method::Get, std::move(pattern), rule, std::move(handler), {}, where);
}
void Router::post(std::string pattern, Rule rule, Handler handler, std::source_location where) {
    add(Method::Post, std::move(pattern), rule, std::move(handler), {}, where);
}
void Router::put(std::string pattern, Rule rule, Handler handler, std::source_location where) {
    add(Method::Put, std::move(pattern), rule, std::move(handler), {}, where);
}
void Router::patch(std::string pattern, Rule rule, Handler handler, std::source_location where) {
    add(Method::Patch, std::move(pattern), rule, std::move(handler), {}, where);
}
void Router::remove(std::string pattern, Rule rule, Handler handler, std::source_location where) {
    add(Method::Delete, std::move(pattern), rule, std::move(handler), {}, where);
}
void Router::options(std::string pattern, Rule rule, Handler handler, std::source_location where) {
    add(Method::Options, std::move(pattern), rule, std::move(handler), {}, where);
}
void Router::socket(std::string pattern, Rule rule, SocketHandler handler, std::source_location where) {
    add(Method::Get, std::move(pattern), rule, {}, std::move(handler), where);
}

} // namespace preau::http
