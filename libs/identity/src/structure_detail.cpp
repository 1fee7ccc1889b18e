#include "identity/structure_detail.hpp"

#include "directory_store.hpp"
#include "directory_words.hpp"
#include "mail_format.hpp"
#include "structure_detail_store.hpp"
#include "structure_store.hpp"
#include "uai_format.hpp"

#include "base/plain_words.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "identity/attachments.hpp"

#include <algorithm>
#include <map>

namespace preau::identity {
namespace {

constexpr std::size_t longest_introduction = 20'000; // bytes
constexpr std::size_t longest_line = 300;

bool well_formed_domain(std::string_view domain) {
    constexpr std::size_t longest = 253;
    if (domain.size() > longest || !domain.contains('.')) return false;
    for (auto label : split(domain, '.')) {
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        if (!std::ranges::all_of(label,
                                 [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }))
            return false;
    }
    return true;
}

Result<Structure> checked(db::Tx& tx, Structure made, const StructureForm& form) {
    made.name = TRY(check_line(form.name, "name", 1, 200));
    if (std::ranges::find(structure_kinds(), form.kind) == structure_kinds().end())
        return invalid("kind", "identity.structure_kind");
    made.kind = form.kind;
    made.uai.clear();
    for (char c : trimmed(form.uai)) made.uai += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!made.uai.empty() && !well_formed_uai(made.uai)) return invalid("uai", "identity.uai_malformed");
    if (store::uai_taken(tx, made.uai, made.id)) return fail(Error::Kind::Conflict, "identity.uai_taken", "uai");
    if (!form.zone.empty() && form.zone != made.zone) {
        if (std::ranges::find(structure_zones(), form.zone) == structure_zones().end())
            return invalid("zone", "identity.zone_unknown");
        made.zone = form.zone;
    }
    return made;
}

Result<std::string> checked_text(std::string_view text, std::string_view field, std::size_t most) {
    if (!valid_utf8(text)) return invalid(std::string{field}, "text_not_utf8");
    auto bare = trimmed(text);
    if (bare.size() > most)
        return std::unexpected(Error{.kind = Error::Kind::Invalid,
                                     .key = "text_too_long",
                                     .field = std::string{field},
                                     .values = {{"limit", std::to_string(most)}}});
    return std::string{bare};
}

std::string logo_type(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
    if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
    if (bytes.starts_with("RIFF") && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP") return "image/webp";
    return {};
}

} // namespace

const std::vector<std::string>& structure_kinds() {
    static const std::vector<std::string> all{"ministry", "region", "academy", "department",
                                              "district", "school", "service"};
    return all;
}

const std::vector<std::string>& structure_zones() {
    static const std::vector<std::string> all{
        "Europe/Paris",   "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon",
        "Indian/Reunion", "Indian/Mayotte",     "Pacific/Noumea",     "Pacific/Tahiti",  "Pacific/Wallis"};
    return all;
}

const std::vector<std::string>& service_names() {
    static const std::vector<std::string> all{"files", "pads", "notes", "forum", "blogs", "video", "meet"};
    return all;
}

Result<Structure> found_structure(db::Tx& tx, IdSource& ids, StructureId parent, const StructureForm& form) {
    if (parent && !store::find_structure(tx, parent)) return not_found("identity.structure");
    if (parent && store::closed_at(tx, parent)) return fail(Error::Kind::Conflict, "identity.structure_closed");
    auto made = TRY(checked(tx, {.parent = parent}, form));
    made.id = create_structure(tx, ids, made);
    return *store::find_structure(tx, made.id);
}

Result<Structure> change_structure(db::Tx& tx, StructureId structure, const StructureForm& form) {
    auto before = store::find_structure(tx, structure);
    if (!before) return not_found("identity.structure");
    auto after = TRY(checked(tx, *before, form));
    store::update_structure(tx, after, sort_key(after.name));
    if (after.name != before->name && !store::closed_at(tx, structure)) {
        leave_directory(tx, subject(structure));
        enter_structure(tx, structure, after.name);
    }
    return after;
}

Result<void> close_structure(db::Tx& tx, StructureId structure, Millis now) {
    if (!store::find_structure(tx, structure)) return not_found("identity.structure");
    if (store::open_below(tx, structure)) return fail(Error::Kind::Conflict, "identity.structure_open_below");
    end_functions_in(tx, structure, now);
    store::set_closed(tx, structure, now);
    leave_directory(tx, subject(structure));
    return {};
}

Result<void> open_structure(db::Tx& tx, StructureId structure) {
    auto found = store::find_structure(tx, structure);
    if (!found) return not_found("identity.structure");
    if (store::closed_above(tx, structure)) return fail(Error::Kind::Conflict, "identity.structure_closed");
    store::set_closed(tx, structure, std::nullopt);
    enter_structure(tx, structure, found->name);
    return {};
}

bool is_closed(db::Tx& tx, StructureId structure) { return store::closed_at(tx, structure).has_value(); }

StructureCard card_of(db::Tx& tx, StructureId structure) {
    return store::find_card(tx, structure).value_or(StructureCard{});
}

Result<void> set_card(db::Tx& tx, StructureId structure, const StructureCard& form) {
    StructureCard card{
        .mail = TRY(checked_text(form.mail, "mail", longest_line)),
        .phone = TRY(checked_text(form.phone, "phone", longest_line)),
        .address = TRY(checked_text(form.address, "address", longest_line)),
        .web = TRY(checked_text(form.web, "web", longest_line)),
        .introduction_fr = TRY(checked_text(form.introduction_fr, "introduction_fr", longest_introduction)),
        .introduction_en = TRY(checked_text(form.introduction_en, "introduction_en", longest_introduction))};
    if (!card.mail.empty() && !well_formed_mail(card.mail)) return invalid("mail", "identity.mail_malformed");
    // Stands in a link: nothing but the two schemes that only lead somewhere.
    if (!card.web.empty() && !card.web.starts_with("https://") && !card.web.starts_with("http://"))
        return invalid("web", "identity.web_malformed");
    store::put_card(tx, structure, card);
    return {};
}

std::optional<Logo> find_logo(db::Tx& tx, StructureId structure) { return store::find_logo(tx, structure); }
std::string logo_hash(db::Tx& tx, StructureId structure) { return store::logo_hash(tx, structure); }

Result<void> set_logo(db::Tx& tx, StructureId structure, std::string_view bytes) {
    if (bytes.size() > largest_logo) return fail(Error::Kind::TooLarge, "identity.logo_too_large", "logo");
    Logo logo{.type = logo_type(bytes), .hash = base64url(sha256(bytes)), .bytes = std::string{bytes}};
    if (logo.type.empty()) return invalid("logo", "identity.logo_kind");
    store::put_logo(tx, structure, logo);
    return {};
}
void remove_logo(db::Tx& tx, StructureId structure) { store::delete_logo(tx, structure); }

std::vector<ClosedService> closed_services(db::Tx& tx, StructureId structure) {
    std::vector<ClosedService> once;
    for (auto& closed : store::closed_services(tx, structure))
        if (std::ranges::find(once, closed.service, &ClosedService::service) == once.end())
            once.push_back(std::move(closed));
    return once;
}

void set_service(db::Tx& tx, StructureId structure, std::string_view service, bool open) {
    open ? store::reopen_service(tx, structure, service) : store::close_service(tx, structure, service);
}

std::vector<std::string> services_closed_to(db::Tx& tx, PersonId person) {
    return store::services_closed_to(tx, person);
}

std::vector<std::string> domains_of(db::Tx& tx, StructureId structure) { return store::domains_of(tx, structure); }

Result<std::string> add_domain(db::Tx& tx, StructureId structure, std::string_view typed) {
    auto domain = to_lower_ascii(trimmed(typed));
    if (domain.starts_with('@')) domain.erase(0, 1);
    if (!well_formed_domain(domain)) return invalid("domain", "identity.domain_malformed");
    if (!store::insert_domain(tx, structure, domain))
        return fail(Error::Kind::Conflict, "identity.domain_taken", "domain");
    return domain;
}

bool remove_domain(db::Tx& tx, StructureId structure, std::string_view domain) {
    return store::delete_domain(tx, structure, domain);
}

StructureId structure_of_mail(db::Tx& tx, std::string_view mail) {
    constexpr int most_labels = 10;
    const auto at = mail.rfind('@');
    if (at == std::string_view::npos) return {};
    auto domain = to_lower_ascii(mail.substr(at + 1));
    for (int labels = 0; labels < most_labels && domain.contains('.'); ++labels) {
        if (auto found = store::structure_of_domain(tx, domain)) return found;
        domain.erase(0, domain.find('.') + 1);
    }
    return {};
}

std::vector<StructureRow> structures_below(db::Tx& tx, StructureId parent, const StructureKey& after, int limit,
                                           Closed closed) {
    return store::structures_below(tx, parent, after, limit, closed);
}

std::vector<StructureRow> structures_named(db::Tx& tx, const std::vector<StructureId>& structures) {
    std::vector<std::int64_t> ids;
    for (auto structure : structures) ids.push_back(structure.value);
    return store::structure_rows(tx, ids);
}

namespace {

constexpr int most_examined = 2'000; // rows of the directory for one page

} // namespace

StructureSearch search_structures(db::Tx& tx, std::string_view typed, const std::vector<StructureId>& roots,
                                  const StructureKey& after, int limit) {
    StructureSearch answer;
    std::vector<std::int64_t> within;
    bool everywhere = false;
    for (auto root : roots) {
        within.push_back(root.value);
        if (!root) everywhere = true;
    }
    auto keep = [&](std::vector<std::int64_t>& ids) {
        if (everywhere) return;
        const auto inside = store::structures_among(tx, ids, within);
        std::erase_if(ids, [&](auto id) { return std::ranges::find(inside, StructureId{id}) == inside.end(); });
    };
    std::string uai;
    for (char c : trimmed(typed)) uai += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (auto by_uai = store::structure_of_uai(tx, uai); by_uai && after.sort.empty()) {
        std::vector<std::int64_t> one{by_uai.value};
        keep(one);
        answer.rows = store::structure_rows(tx, one);
        return answer;
    }
    const auto words = plain_words(typed, 6);
    if (words.empty()) return answer;
    const auto prefix = search_prefix(tx, {}, Subject::Kind::Structure, words);
    const auto range =
        store::directory_after(tx, {}, Subject::Kind::Structure, prefix, after.sort, after.id.value, most_examined);
    std::vector<std::int64_t> ids;
    for (const auto& row : range) ids.push_back(row.subject);
    keep(ids);
    std::map<std::int64_t, StructureRow> known;
    for (auto& row : store::structure_rows(tx, ids)) known[row.id.value] = std::move(row);
    for (const auto& hit : range) {
        const auto found = known.find(hit.subject);
        if (found == known.end() || first_key(found->second.name, prefix, words) != hit.key) continue;
        if (std::ssize(answer.rows) == limit) {
            answer.next = StructureKey{answer.rows.back().sort, answer.rows.back().id};
            return answer;
        }
        answer.rows.push_back(found->second);
        answer.rows.back().sort = hit.key;
    }
    if (std::ssize(range) == most_examined)
        answer.next = StructureKey{range.back().key, StructureId{range.back().subject}};
    return answer;
}

std::vector<Colleague> people_in(db::Tx& tx, StructureId structure, const Colleague& after, int limit) {
    return store::people_in(tx, structure, after, limit);
}

void fill_structure_order(db::Database& db) {
    constexpr int batch = 1000;
    auto some = [](db::Tx& tx) {
        const auto rows = store::unsorted(tx, batch);
        for (const auto& row : rows) store::set_sort_key(tx, row.id, sort_key(row.name));
        return std::ssize(rows) == batch;
    };
    if (db.read_now([](db::Tx& tx) { return store::unsorted(tx, 1).empty(); })) return;
    while (db.write_now(some)) {
    }
}

} // namespace preau::identity
