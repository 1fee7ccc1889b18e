// What is done to a structure by a button, or by the API.
#include "portal/structures/structures.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "http/multipart.hpp"

#include <array>

namespace preau::portal {
namespace {

struct IdAnswer {
    std::string id;
};
PREAU_DESCRIBE(IdAnswer, id)

StructureId structure_in(const http::Request& request) {
    return parse_id<StructureId>(request.parameter("structure")).value_or(StructureId{});
}

template <class Act> auto act(Portal& portal, const http::Request& request, Act closure) {
    StructureActs acts{.portal = portal, .viewer = sharing::viewer(request), .now = portal.world.clock.now()};
    return portal.db.write_across(identity::administration_lanes(),
                                  [acts, closure](db::Tx& tx) { return closure(tx, acts); });
}

Task<http::Response> answer(Portal& portal, http::Request& request, StructureId id, Result<void> done,
                            std::string_view did, std::optional<Fields> said = {}) {
    if (!done) {
        if (request.wants_json()) co_return portal.gate.refusal(request, done.error());
        co_return co_await structure_admin_page(portal, request, id, done.error(), std::move(said));
    }
    if (request.wants_json()) co_return http::json_response(json::text_of(IdAnswer{to_text(id)}));
    co_return http::redirect("/admin/structures/" + to_text(id) + "?did=" + std::string{did});
}

identity::StructureForm form_of(const Fields& said) {
    return {.name = std::string{said["name"]},
            .kind = std::string{said["kind"]},
            .uai = std::string{said["uai"]},
            .zone = std::string{said["zone"]}};
}

Task<http::Response> post_new(Portal& portal, http::Request& request) {
    auto fields = fields_of(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto under = parse_id<StructureId>((*fields)["parent"]).value_or(StructureId{});
    auto made = co_await act(portal, request, [said = *fields, under](db::Tx& tx, const StructureActs& acts) {
        return acts.create(tx, under, form_of(said));
    });
    if (!made && request.wants_json()) co_return portal.gate.refusal(request, made.error());
    if (!made) co_return co_await structure_new_page(portal, request, under, made.error(), std::move(*fields));
    if (request.wants_json()) co_return http::json_response(json::text_of(IdAnswer{to_text(*made)}), 201);
    co_return http::redirect("/admin/structures/" + to_text(*made) + "?did=created");
}

// A program says only what is to change; a form says all of it.
Result<void> change(db::Tx& tx, const StructureActs& acts, StructureId id, const Fields& said) {
    const auto before = identity::find_structure(tx, id);
    if (!before) return not_found("identity.structure");
    auto card = identity::card_of(tx, id);
    auto form = form_of(said);
    if (!said.has("name")) form.name = before->name;
    if (!said.has("kind")) form.kind = before->kind;
    if (!said.has("uai")) form.uai = before->uai;
    for (auto [name, value] : {std::pair{"mail", &card.mail},
                               {"phone", &card.phone},
                               {"address", &card.address},
                               {"web", &card.web},
                               {"introduction_fr", &card.introduction_fr},
                               {"introduction_en", &card.introduction_en}})
        if (said.has(name)) *value = std::string{said[name]};
    return acts.change(tx, id, form, card);
}

Task<http::Response> post_change(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, id, std::unexpected(fields.error()), "");
    auto done = co_await act(portal, request, [said = *fields, id](db::Tx& tx, const StructureActs& acts) {
        return change(tx, acts, id, said);
    });
    co_return co_await answer(portal, request, id, std::move(done), "changed", std::move(*fields));
}

// "/" is the top.
Result<void> move(db::Tx& tx, const StructureActs& acts, StructureId id, const Fields& said) {
    const auto rights = TRY(require_rights(tx, acts.viewer.person, acts.now));
    if (!said.has("parent")) return invalid("parent", "admin.structure_unknown");
    const auto text = trimmed(said["parent"]);
    StructureId parent;
    if (!text.empty() && text != "/") parent = TRY(structure_typed(tx, rights, text));
    return acts.move(tx, id, parent);
}

Task<http::Response> post_move(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, id, std::unexpected(fields.error()), "");
    auto done = co_await act(portal, request, [said = *fields, id](db::Tx& tx, const StructureActs& acts) {
        return move(tx, acts, id, said);
    });
    portal.identity.forget_all(); // everybody below belongs elsewhere now
    co_return co_await answer(portal, request, id, std::move(done), "moved");
}

Task<http::Response> post_close(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto done =
        co_await act(portal, request, [id](db::Tx& tx, const StructureActs& acts) { return acts.close(tx, id); });
    portal.identity.forget_all();
    co_return co_await answer(portal, request, id, std::move(done), "closed");
}

Task<http::Response> post_open(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto done =
        co_await act(portal, request, [id](db::Tx& tx, const StructureActs& acts) { return acts.open(tx, id); });
    co_return co_await answer(portal, request, id, std::move(done), "opened");
}

Task<http::Response> post_service(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, id, std::unexpected(fields.error()), "");
    const bool open = (*fields)["open"] == "1";
    auto done = co_await act(portal, request, [said = *fields, id, open](db::Tx& tx, const StructureActs& acts) {
        return acts.set_service(tx, id, said["service"], open);
    });
    co_return co_await answer(portal, request, id, std::move(done), open ? "service_opened" : "service_closed");
}

Task<http::Response> post_domain(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, id, std::unexpected(fields.error()), "");
    auto done = co_await act(portal, request, [said = *fields, id](db::Tx& tx, const StructureActs& acts) {
        return said["remove"].empty() ? acts.add_domain(tx, id, said["domain"])
                                      : acts.remove_domain(tx, id, said["remove"]);
    });
    co_return co_await answer(portal, request, id, std::move(done), "changed");
}

// Somebody who has an account already, wherever they work.
Task<http::Response> post_person(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto fields = fields_of(request);
    if (!fields) co_return co_await answer(portal, request, id, std::unexpected(fields.error()), "");
    auto given =
        co_await act(portal, request, [said = *fields, id](db::Tx& tx, const StructureActs& acts) -> Result<PersonId> {
            // Before anybody is looked up: who administers nothing here learns of no account.
            const auto rights = TRY(require_rights(tx, acts.viewer.person, acts.now));
            if (!identity::may(tx, rights, identity::AdminRole::People, id)) return forbidden("admin.not_yours");
            identity::NewFunction form{.person = TRY(person_typed(tx, said["login"])),
                                       .structure = id,
                                       .function = std::string{said["function"]}};
            form.from_at = TRY(day_in(said, "from", DayEdge::Begin, acts.viewer.zone)).value_or(0);
            form.until_at = TRY(day_in(said, "until", DayEdge::End, acts.viewer.zone));
            const PersonActs people{.portal = acts.portal, .viewer = acts.viewer, .now = acts.now};
            return TRY(people.give_function(tx, form)).person;
        });
    if (given) portal.identity.forget(*given);
    Result<void> done;
    if (!given) done = std::unexpected(given.error());
    co_return co_await answer(portal, request, id, std::move(done), "person");
}

Task<Result<std::string>> read_bytes(http::MultipartReader* parts, std::size_t most) {
    std::string bytes;
    std::array<std::byte, 16 * 1024> buffer;
    for (;;) {
        auto got = co_await parts->read(buffer);
        if (!got) co_return std::unexpected(got.error());
        if (*got == 0) co_return bytes;
        bytes.append(reinterpret_cast<const char*>(buffer.data()), *got);
        if (bytes.size() > most) co_return fail(Error::Kind::TooLarge, "identity.logo_too_large", "logo");
    }
}

Task<Result<std::string>> logo_in(http::Request& request) {
    http::MultipartReader parts{*request.stream, request.headers.find("content-type")};
    for (;;) {
        auto part = co_await parts.next();
        if (!part) co_return std::unexpected(part.error());
        if (!*part) co_return invalid("logo", "identity.logo_kind");
        if ((*part)->name == "logo") co_return co_await read_bytes(&parts, identity::largest_logo);
    }
}

Task<http::Response> post_logo(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto bytes = co_await logo_in(request);
    if (!bytes) co_return co_await answer(portal, request, id, std::unexpected(bytes.error()), "");
    if (bytes->empty()) co_return co_await answer(portal, request, id, invalid("logo", "identity.logo_kind"), "");
    auto done = co_await act(portal, request, [logo = *bytes, id](db::Tx& tx, const StructureActs& acts) {
        return acts.set_logo(tx, id, logo);
    });
    co_return co_await answer(portal, request, id, std::move(done), "changed");
}

Task<http::Response> post_logo_remove(Portal& portal, http::Request& request) {
    const auto id = structure_in(request);
    auto done = co_await act(portal, request,
                             [id](db::Tx& tx, const StructureActs& acts) { return acts.set_logo(tx, id, ""); });
    co_return co_await answer(portal, request, id, std::move(done), "changed");
}

} // namespace

void structure_act_routes(http::Router& routes, Portal& portal) {
    constexpr std::uint64_t introductions = 256 * 1024;
    constexpr std::uint64_t logo_and_frame = identity::largest_logo + 16 * 1024;
    admin_post(routes, "/structures", [&portal](http::Request& request) { return post_new(portal, request); });
    admin_post(
        routes, "/structures/{structure}", [&portal](http::Request& request) { return post_change(portal, request); },
        introductions);
    admin_post(routes, "/structures/{structure}/move",
               [&portal](http::Request& request) { return post_move(portal, request); });
    admin_post(routes, "/structures/{structure}/close",
               [&portal](http::Request& request) { return post_close(portal, request); });
    admin_post(routes, "/structures/{structure}/open",
               [&portal](http::Request& request) { return post_open(portal, request); });
    admin_post(routes, "/structures/{structure}/services",
               [&portal](http::Request& request) { return post_service(portal, request); });
    admin_post(routes, "/structures/{structure}/domains",
               [&portal](http::Request& request) { return post_domain(portal, request); });
    admin_post(routes, "/structures/{structure}/people",
               [&portal](http::Request& request) { return post_person(portal, request); });
    admin_post(routes, "/structures/{structure}/logo/remove",
               [&portal](http::Request& request) { return post_logo_remove(portal, request); });
    for (const auto* pattern : {"/admin/structures/{structure}/logo", "/api/admin/structures/{structure}/logo"})
        routes.post(pattern,
                    {.access = http::Access::Member,
                     .body_limit = logo_and_frame,
                     .rate = http::Rate::Write,
                     .body = http::Body::Streamed},
                    [&portal](http::Request& request) { return post_logo(portal, request); });
}

} // namespace preau::portal
