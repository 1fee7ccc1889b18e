// /people/ID: somebody's card, as far as who looks may read it. Whom one may not know of is answered as nobody is.
#include "portal/profile/cards.hpp"

#include "base/json.hpp"
#include "portal/admin/admin.hpp"
#include "sharing/answers.hpp"
#include "web/paragraphs.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view card_template = "portal/profile/person_card_page.html";

struct CardFunction {
    std::string name, structure, structure_name;
};
PREAU_DESCRIBE(CardFunction, name, structure, structure_name)

struct PersonCardView {
    std::string id, name, mail, phone, phone_link, office, as;
    std::vector<std::string> about; // paragraphs
    sharing::Face face;
    std::vector<CardFunction> functions;
    std::vector<std::string> whom; // of one's own card: "Adresse électronique : mes structures"
    bool guest = false, own = false, administers = false, has_lines = false, has_about = false, directory = false,
         shows_whom = false;
};
PREAU_DESCRIBE(PersonCardView, id, name, mail, phone, phone_link, office, as, about, face, functions, whom, guest, own,
               administers, has_lines, has_about, directory, shows_whom)

struct CardAnswer {
    std::string id, name, picture;
    bool guest = false;
    std::vector<identity::FunctionHeld> functions;
    std::optional<std::string> mail, phone, office, about;
};
PREAU_DESCRIBE(CardAnswer, id, name, picture, guest, functions, mail, phone, office, about)

struct Looked {
    identity::Seen seen;
    identity::Profile profile;
    bool administers = false;
};

// What must not be read is taken out here, before page and API see it.
void keep_what_is_for(Looked& looked, identity::Standing standing) {
    const auto keep = [&](std::string& line, identity::Audience audience) {
        if (!identity::may_see(standing, audience)) line.clear();
    };
    keep(looked.seen.person.mail, looked.profile.mail_for);
    keep(looked.profile.phone, looked.profile.phone_for);
    keep(looked.profile.office, looked.profile.office_for);
    keep(looked.profile.about, looked.profile.about_for);
}

Result<Looked> look(db::Tx& tx, const Viewer& viewer, PersonId person, std::optional<identity::Standing> as,
                    Millis now) {
    auto seen = identity::see_person(tx, viewer, person, now);
    if (!seen) return not_found("identity.person");
    Looked looked{.seen = std::move(*seen), .profile = identity::profile_of(tx, person)};
    // Nobody looks at others in another quality than their own.
    if (looked.seen.standing == identity::Standing::Self && as) looked.seen.standing = *as;
    keep_what_is_for(looked, looked.seen.standing);
    if (looked.seen.standing != identity::Standing::Group) {
        const auto rights = identity::rights_of(tx, viewer.person, now);
        looked.administers = rights.any() && oversees(tx, rights, person);
    }
    return looked;
}

// RFC 3966: digits, and a plus in front.
std::string phone_link(std::string_view phone) {
    std::string number;
    for (char letter : phone)
        if ((letter >= '0' && letter <= '9') || (letter == '+' && number.empty())) number += letter;
    return number.size() < 3 ? std::string{} : number;
}

std::vector<std::string> whom(const web::Locale& locale, const Looked& looked) {
    std::vector<std::string> lines;
    const auto say = [&](const char* what, const std::string& line, identity::Audience audience) {
        if (line.empty()) return;
        lines.push_back(
            locale.text("profile.line_for", {{"what", locale.text(what)},
                                             {"whom", locale.text("profile.for_" + std::string{word_of(audience)})}}));
    };
    say("portal.mail", looked.seen.person.mail, looked.profile.mail_for);
    say("profile.phone", looked.profile.phone, looked.profile.phone_for);
    say("profile.office", looked.profile.office, looked.profile.office_for);
    say("profile.about", looked.profile.about, looked.profile.about_for);
    return lines;
}

PersonCardView view_of(const web::Locale& locale, const Viewer& viewer, const Looked& looked) {
    const auto& person = looked.seen.person;
    PersonCardView view{.id = to_text(person.id),
                        .name = person.name,
                        .mail = person.mail,
                        .phone = looked.profile.phone,
                        .phone_link = phone_link(looked.profile.phone),
                        .office = looked.profile.office,
                        .about = web::paragraphs(looked.profile.about),
                        .face = sharing::face_of(person.id, person.name, person.picture, sharing::FaceSize::Large),
                        .guest = looked.seen.guest,
                        .own = person.id == viewer.person,
                        .administers = looked.administers,
                        .directory = identity::is_staff(viewer)};
    for (const auto& held : looked.seen.functions)
        view.functions.push_back({function_words(locale, held.function), to_text(held.structure), held.structure_name});
    view.has_about = !view.about.empty();
    view.has_lines = !view.mail.empty() || !view.phone.empty() || !view.office.empty();
    if (looked.seen.standing == identity::Standing::Self) view.whom = whom(locale, looked);
    view.shows_whom = !view.whom.empty();
    return view;
}

http::Response json_of(Looked looked) {
    const auto some = [](std::string& line) { return line.empty() ? std::nullopt : std::optional{std::move(line)}; };
    auto& person = looked.seen.person;
    return http::json_response(json::text_of(
        CardAnswer{.id = to_text(person.id),
                   .name = person.name,
                   .picture = sharing::picture_address(person.id, person.picture, sharing::FaceSize::Large),
                   .guest = looked.seen.guest,
                   .functions = std::move(looked.seen.functions),
                   .mail = some(person.mail),
                   .phone = some(looked.profile.phone),
                   .office = some(looked.profile.office),
                   .about = some(looked.profile.about)}));
}

Task<http::Response> show_card(Portal& portal, http::Request& request) {
    const auto id = parse_id<PersonId>(request.parameter("person")).value_or(PersonId{});
    const auto as = identity::standing_named(request.query("as"));
    const auto viewer = sharing::viewer(request);
    auto looked = co_await portal.db.read(
        [viewer, id, as, now = portal.world.clock.now()](db::Tx& tx) { return look(tx, viewer, id, as, now); });
    if (!looked) co_return portal.gate.refusal(request, looked.error());
    if (request.wants_json()) co_return json_of(std::move(*looked));
    const auto& locale = sharing::words_of(request);
    auto view = view_of(locale, viewer, *looked);
    if (view.own && as)
        view.as = locale.text(*as == identity::Standing::Staff ? "profile.seen_as_staff" : "profile.seen_as_colleague");
    co_return portal.pages.page(sharing::shell(request, view.name), card_template, view);
}

} // namespace

void preload_person_card(web::Pages& pages) { pages.preload<PersonCardView>(card_template); }

void person_card_routes(http::Router& routes, Portal& portal) {
    for (const auto* pattern : {"/people/{person}", "/api/people/{person}"})
        routes.get(pattern, {.access = http::Access::Member, .body_limit = 0, .rate = http::Rate::Read},
                   [&portal](http::Request& request) { return show_card(portal, request); });
}

} // namespace preau::portal
