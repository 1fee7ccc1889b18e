// Who may know of whom, and what they read.
#include "identity/profile.hpp"

#include "profile_store.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace preau::identity {
namespace {

constexpr std::array audiences{std::pair{Audience::Nobody, std::string_view{"nobody"}},
                               std::pair{Audience::Colleagues, std::string_view{"colleagues"}},
                               std::pair{Audience::Staff, std::string_view{"staff"}}};
constexpr std::size_t longest_phone = 40;
constexpr std::size_t longest_office = 200;
constexpr int most_functions = 500; // as many as somebody may have

bool is_control(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return (byte < 0x20 && letter != '\n') || byte == 0x7f;
}

Result<std::string> checked_about(std::string_view raw) {
    if (!valid_utf8(raw)) return invalid("about", "text_not_utf8");
    auto text = to_nfc(trimmed(raw));
    std::erase(text, '\r');
    if (code_points(text) > longest_about || std::ranges::any_of(text, is_control))
        return std::unexpected(Error{.kind = Error::Kind::Invalid,
                                     .key = "identity.about_words",
                                     .field = "about",
                                     .values = {{"limit", std::to_string(longest_about)}}});
    return text;
}

// Of a guest: those of the structure that they were invited to, who invited them, and who is in a group with them.
std::optional<Standing> standing_before_guest(db::Tx& tx, const Viewer& viewer, const store::Standee& guest) {
    const bool together = store::share_group(tx, viewer.person, guest.id);
    if (!is_staff(viewer)) return together ? std::optional{Standing::Group} : std::nullopt;
    if (together || guest.sponsor == viewer.person) return Standing::Colleague;
    return viewer.admin || viewer.is(subject(guest.guest_structure)) ? std::optional{Standing::Staff} : std::nullopt;
}

std::optional<Standing> standing_before(db::Tx& tx, const Viewer& viewer, const store::Standee& who,
                                        const std::vector<FunctionHeld>& functions) {
    if (who.guest_until) return standing_before_guest(tx, viewer, who);
    if (!is_staff(viewer))
        return store::share_group(tx, viewer.person, who.id) ? std::optional{Standing::Group} : std::nullopt;
    const bool together =
        std::ranges::any_of(functions, [&](const auto& held) { return viewer.is(subject(held.structure)); });
    return together ? Standing::Colleague : Standing::Staff;
}

} // namespace

std::string_view word_of(Audience audience) {
    return std::ranges::find(audiences, audience, &decltype(audiences)::value_type::first)->second;
}
std::optional<Audience> audience_named(std::string_view word) {
    for (const auto& [audience, name] : audiences)
        if (name == word) return audience;
    return std::nullopt;
}

std::optional<Standing> standing_named(std::string_view word) {
    if (word == "colleague") return Standing::Colleague;
    if (word == "staff") return Standing::Staff;
    return std::nullopt;
}

bool may_see(Standing standing, Audience audience) {
    switch (standing) {
    case Standing::Self: return true;
    case Standing::Colleague: return audience != Audience::Nobody;
    case Standing::Staff: return audience == Audience::Staff;
    case Standing::Group: return false;
    }
    return false;
}

Profile profile_of(db::Tx& tx, PersonId person) { return store::find_profile(tx, person).value_or(Profile{}); }

Result<void> set_profile(db::Tx& tx, PersonId person, const Profile& profile) {
    auto checked = profile;
    checked.phone = TRY(check_line(profile.phone, "phone", 0, longest_phone));
    checked.office = TRY(check_line(profile.office, "office", 0, longest_office));
    checked.about = TRY(checked_about(profile.about));
    store::put_profile(tx, person, checked);
    return {};
}

void set_picture(db::Tx& tx, PersonId person, std::string_view mark) { store::set_picture(tx, person, mark); }

bool is_staff(const Viewer& viewer) {
    return viewer.admin || std::ranges::any_of(viewer.subjects, [](const Subject& subject) {
               return subject.kind == Subject::Kind::Structure;
           });
}

std::optional<Seen> see_person(db::Tx& tx, const Viewer& viewer, PersonId person, Millis now) {
    if (!viewer.is_person()) return std::nullopt;
    auto who = store::find_standee(tx, person);
    if (!who || who->disabled || (who->guest_until && *who->guest_until <= now)) return std::nullopt;
    auto functions = store::functions_held(tx, person, most_functions);
    const auto standing =
        viewer.person == person ? std::optional{Standing::Self} : standing_before(tx, viewer, *who, functions);
    if (!standing) return std::nullopt;
    return Seen{.person = {.id = who->id,
                           .login = std::move(who->login),
                           .name = std::move(who->name),
                           .mail = std::move(who->mail),
                           .language = std::move(who->language),
                           .admin = who->admin,
                           .disabled = who->disabled,
                           .created_at = who->created_at,
                           .picture = std::move(who->picture)},
                .standing = *standing,
                .guest = who->guest_until.has_value(),
                .functions = std::move(functions)};
}

} // namespace preau::identity
