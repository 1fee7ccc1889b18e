// /account/card: my picture, what I say of myself, and whom each line is for.
#include "portal/profile/cards.hpp"

#include "base/json.hpp"
#include "sharing/answers.hpp"

#include <array>

namespace preau::portal {
namespace {

constexpr std::string_view own_card_template = "portal/profile/own_card_page.html";

struct AudienceChoice {
    std::string value, text;
    bool chosen = false;
};
PREAU_DESCRIBE(AudienceChoice, value, text, chosen)

struct OwnCardView {
    AccountSide side{.card = true};
    std::string done, problem;
    std::string id, name, mail, phone, office, about;
    std::string picture_problem, phone_problem, office_problem, about_problem;
    sharing::Face face;
    bool has_picture = false;
    std::vector<AudienceChoice> mail_for, phone_for, office_for, about_for;
    int longest_about = identity::longest_about;
};
PREAU_DESCRIBE(OwnCardView, side, done, problem, id, name, mail, phone, office, about, picture_problem, phone_problem,
               office_problem, about_problem, face, has_picture, mail_for, phone_for, office_for, about_for,
               longest_about)

struct Own {
    identity::Person person;
    identity::Profile profile;
};

struct OwnCardAnswer {
    std::string name, mail, phone, office, about, mail_for, phone_for, office_for, about_for, picture;
};
PREAU_DESCRIBE(OwnCardAnswer, name, mail, phone, office, about, mail_for, phone_for, office_for, about_for, picture)

std::vector<AudienceChoice> choices(const web::Locale& locale, identity::Audience chosen) {
    using enum identity::Audience;
    std::vector<AudienceChoice> all;
    for (auto audience : {Colleagues, Staff, Nobody}) {
        const std::string word{identity::word_of(audience)};
        all.push_back({.value = word, .text = locale.text("profile.for_" + word), .chosen = audience == chosen});
    }
    return all;
}

std::string done_words(const web::Locale& locale, const http::Request& request) {
    const auto done = request.query("done");
    for (const auto* known : {"saved", "picture", "picture_removed"})
        if (done == known) return locale.text("profile.done_" + std::string{known});
    return {};
}

void say_problem(OwnCardView& view, const web::Locale& locale, const Error& problem) {
    const auto words = locale.message(problem);
    for (auto [field, place] : {std::pair{"picture", &view.picture_problem},
                                {"phone", &view.phone_problem},
                                {"office", &view.office_problem},
                                {"about", &view.about_problem}})
        if (problem.field == field) {
            *place = words;
            return;
        }
    view.problem = words;
}

http::Response json_of(Own own) {
    using identity::word_of;
    const auto& profile = own.profile;
    return http::json_response(json::text_of(OwnCardAnswer{
        .name = own.person.name,
        .mail = own.person.mail,
        .phone = profile.phone,
        .office = profile.office,
        .about = profile.about,
        .mail_for = std::string{word_of(profile.mail_for)},
        .phone_for = std::string{word_of(profile.phone_for)},
        .office_for = std::string{word_of(profile.office_for)},
        .about_for = std::string{word_of(profile.about_for)},
        .picture = sharing::picture_address(own.person.id, own.person.picture, sharing::FaceSize::Large)}));
}

Task<http::Response> show_own_card(Portal& portal, http::Request& request) {
    co_return co_await own_card_page(portal, request, std::nullopt);
}

// A line that is not said stays; so a program changes one of them.
Result<identity::Profile> said_in(const sharing::Fields& fields, identity::Profile profile) {
    for (auto [name, text] :
         {std::pair{"phone", &profile.phone}, {"office", &profile.office}, {"about", &profile.about}})
        if (fields.has(name)) *text = std::string{fields.value(name)};
    for (auto [name, whom] : {std::pair{"mail_for", &profile.mail_for},
                              {"phone_for", &profile.phone_for},
                              {"office_for", &profile.office_for},
                              {"about_for", &profile.about_for}}) {
        if (!fields.has(name)) continue;
        const auto audience = identity::audience_named(fields.value(name));
        if (!audience) return invalid(name, "profile.no_such_audience");
        *whom = *audience;
    }
    return profile;
}

struct Changed {
    identity::Profile typed;
    Result<void> done;
};

Task<http::Response> change_own_card(Portal& portal, http::Request& request) {
    if (auto refused = only_by_session(portal, request)) co_return std::move(*refused);
    auto fields = sharing::Fields::read(request);
    if (!fields) co_return portal.gate.refusal(request, fields.error());
    const auto person = sharing::viewer(request).person;
    auto changed =
        co_await portal.db.write(db::lane_of(person), [person, said = *fields](db::Tx& tx) -> Result<Changed> {
            auto profile = TRY(said_in(said, identity::profile_of(tx, person)));
            auto done = identity::set_profile(tx, person, profile);
            return Changed{std::move(profile), std::move(done)};
        });
    if (!changed) co_return portal.gate.refusal(request, changed.error());
    if (changed->done) co_return sharing::done(request, "/account/card?done=saved");
    if (request.wants_json()) co_return portal.gate.refusal(request, changed->done.error());
    co_return co_await own_card_page(portal, request, changed->done.error(), std::move(changed->typed));
}

} // namespace

Task<http::Response> own_card_page(Portal& portal, http::Request& request, std::optional<Error> problem,
                                   std::optional<identity::Profile> typed) {
    auto own = co_await portal.db.read([id = sharing::viewer(request).person](db::Tx& tx) {
        return Own{identity::find_person(tx, id).value_or(identity::Person{}), identity::profile_of(tx, id)};
    });
    if (request.wants_json()) co_return json_of(std::move(own));
    auto shell = account_shell(request, "profile.title");
    const auto& locale = web::Locale::of(shell.language);
    const auto& said = typed ? *typed : own.profile;
    OwnCardView view{.done = problem ? std::string{} : done_words(locale, request),
                     .id = to_text(own.person.id),
                     .name = own.person.name,
                     .mail = own.person.mail,
                     .phone = said.phone,
                     .office = said.office,
                     .about = said.about,
                     .face =
                         sharing::face_of(own.person.id, own.person.name, own.person.picture, sharing::FaceSize::Large),
                     .has_picture = !own.person.picture.empty(),
                     .mail_for = choices(locale, said.mail_for),
                     .phone_for = choices(locale, said.phone_for),
                     .office_for = choices(locale, said.office_for),
                     .about_for = choices(locale, said.about_for)};
    if (problem) say_problem(view, locale, *problem);
    co_return portal.pages.page(shell, own_card_template, view, problem ? http::status_of(*problem) : 200);
}

void preload_own_card(web::Pages& pages) { pages.preload<OwnCardView>(own_card_template); }

void own_card_routes(http::Router& routes, Portal& portal) {
    for (const auto* pattern : {"/account/card", "/api/account/card"}) {
        routes.get(pattern, {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
                   [&portal](http::Request& request) { return show_own_card(portal, request); });
        routes.post(pattern, {.access = http::Access::Member, .body_limit = 16 * 1024, .rate = http::Rate::Write},
                    [&portal](http::Request& request) { return change_own_card(portal, request); });
    }
}

void preload_profile(web::Pages& pages) {
    preload_own_card(pages);
    preload_person_card(pages);
}

void profile_card_routes(http::Router& routes, Portal& portal) {
    own_card_routes(routes, portal);
    picture_routes(routes, portal);
    person_card_routes(routes, portal);
}

} // namespace preau::portal
