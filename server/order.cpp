#include "order.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "installation.hpp"

#include <fmt/format.h>

namespace preau::server {

Outcome done(std::string text) { return {.done = true, .text = std::move(text)}; }
Outcome failed(std::string text) { return {.done = false, .text = std::move(text)}; }
Outcome failed(const Error& error) { return failed(web::Locale::of(web::Language::English).message(error)); }

Outcome perform(Site& site, const Order& order) {
    try {
        if (order.verb == "user add") return add_user(site, order);
        if (order.verb == "user app-password") return make_app_password(site, order);
        if (order.verb == "user link") return make_sign_in_link(site, order);
        if (order.verb == "user reset-factors") return reset_factors(site, order);
        if (order.verb == "demo") return make_demonstration(site, order);
        if (order.verb == "doctor") return examine(site);
        if (order.verb == "audit verify") return verify_audit(site);
        if (order.verb == "import") return import_lists(site, order);
        return failed(
            fmt::format("the running server does not know \"{}\": update both to the same version", order.verb));
    } catch (const db::StorageFull&) {
        return failed("the disk is full: make room, nothing was changed");
    } catch (const db::Failure& failure) {
        log::error("order verb={} failed: {}", order.verb, failure.what());
        return failed(fmt::format("the database refused: {}. Run preau doctor", failure.what()));
    }
}

std::string to_line(const Order& order) { return json::text_of(order) + "\n"; }
std::string to_line(const Outcome& outcome) { return json::text_of(outcome) + "\n"; }

Result<Order> order_of(std::string_view line) {
    auto value = TRY(json::parse(line));
    std::vector<std::string> files;
    for (std::size_t at = 0; at < value["files"].size(); ++at)
        files.push_back(value["files"].at(at).text().value_or(""));
    return Order{.verb = value["verb"].text().value_or(""),
                 .login = value["login"].text().value_or(""),
                 .name = value["name"].text().value_or(""),
                 .mail = value["mail"].text().value_or(""),
                 .password = value["password"].text().value_or(""),
                 .admin = value["admin"].boolean().value_or(false),
                 .files = std::move(files),
                 .source = value["source"].text().value_or(""),
                 .dry_run = value["dry_run"].boolean().value_or(false),
                 .rentree = value["rentree"].boolean().value_or(false)};
}

Result<Outcome> outcome_of(std::string_view line) {
    auto value = TRY(json::parse(line));
    return Outcome{.done = value["done"].boolean().value_or(false), .text = value["text"].text().value_or("")};
}

} // namespace preau::server
