// Reminders by mail in batches, and the nightly count of who stands below each structure.
#include "portal/announcement/announcement_audience_store.hpp"
#include "portal/announcement/announcement_store.hpp"

#include "portal/notice/notice_mail.hpp"

namespace preau::portal {
namespace {

constexpr std::string_view remind_job = "announcement.remind";
constexpr std::string_view count_job = "announcement.count";
constexpr int mails_at_once = 100;
constexpr int structures_at_once = 100;

void write_reminder(db::Tx& tx, Portal& portal, const Announcement& announcement, const store::ReminderRow& person) {
    const auto language = language_of(person.language);
    const auto& locale = web::Locale::of(language);
    const auto& title = title_of(announcement, language);
    send_notice(tx, portal, language, {.kind = "portal.announcement", .mail = person.mail, .name = person.name},
                {.subject = locale.text("announcement.mail_subject", {{"title", title}}),
                 .text = locale.text("announcement.mail_text"),
                 .quote = excerpt_of(announcement, language),
                 .button = locale.text("announcement.mail_open"),
                 .address = portal.public_url + "/announcements/" + to_text(announcement.id),
                 .why = locale.text("announcement.mail_why")});
}

// The row keeps how far it came, in the transaction that queues the letters: a batch that runs again goes on behind
// them.
bool remind_some(db::Tx& tx, Portal& portal, AnnouncementId id) {
    const auto announcement = store::find_announcement(tx, id);
    if (!announcement || announcement->recalled_at || announcement->until_at <= portal.world.clock.now()) return false;
    const auto people = store::to_remind(tx, id, announcement->reminded_to, mails_at_once);
    for (const auto& person : people) write_reminder(tx, portal, *announcement, person);
    if (!people.empty()) store::set_reminded_to(tx, id, people.back().person);
    return std::ssize(people) == mails_at_once;
}

Task<void> run_reminder(Portal& portal, jobs::Job job) {
    const auto id = parse_id<AnnouncementId>(job.payload).value_or(AnnouncementId{});
    for (bool more = true; more;)
        more = co_await portal.db.write(db::lane_of(id),
                                        [&portal, id](db::Tx& tx) { return remind_some(tx, portal, id); });
}

struct Counted {
    std::vector<store::SizeRow> rows;
    StructureId last;
    bool more = false;
};

Counted count_some(db::Tx& tx, StructureId after) {
    const auto structures = store::structures_with_children(tx, after, structures_at_once);
    if (structures.empty()) return {.rows = {{.people = store::count_accounts(tx)}}};
    std::vector<std::int64_t> ids;
    for (auto structure : structures) ids.push_back(structure.value);
    return {.rows = store::count_below(tx, ids), .last = structures.back(), .more = true};
}

// Counted by readers, who stop nobody; written in small portions.
Task<void> run_count(Portal& portal, jobs::Job) {
    StructureId after;
    for (bool more = true; more;) {
        auto counted = co_await portal.db.read([after](db::Tx& tx) { return count_some(tx, after); });
        more = counted.more;
        after = counted.last;
        co_await portal.db.write(db::Lane{}, [rows = std::move(counted.rows)](db::Tx& tx) {
            for (const auto& row : rows) store::put_size(tx, row);
        });
    }
}

} // namespace

Result<void> remind(db::Tx& tx, Portal& portal, const Viewer& viewer, AnnouncementId id) {
    const auto now = portal.world.clock.now();
    const auto found = store::find_announcement(tx, id);
    if (!found || !viewer.is_person() || found->author != viewer.person) return not_found("announcement.unknown");
    if (found->recalled_at) return fail(Error::Kind::Conflict, "announcement.recalled");
    if (!found->wants_ack) return fail(Error::Kind::Conflict, "announcement.no_ack");
    if (found->reminded_at && now - *found->reminded_at < 1_days)
        return fail(Error::Kind::Conflict, "announcement.reminded_lately");
    if (found->people == 0 || found->people > most_reminded)
        return fail(Error::Kind::Conflict, "announcement.too_many_to_remind");
    for (auto line : store::lines_of(tx, id))
        if (line == signed_in) return fail(Error::Kind::Conflict, "announcement.too_many_to_remind");
    store::begin_reminder(tx, id, now);
    portal.world.jobs.enqueue(tx, {.kind = std::string{remind_job}, .payload = to_text(id), .key = to_text(id)});
    return {};
}

void install_announcements(Portal& portal) {
    portal.world.jobs.handle(std::string{remind_job},
                             [&portal](jobs::Job job) { return run_reminder(portal, std::move(job)); }, {.at_once = 1});
    portal.world.jobs.handle(std::string{count_job},
                             [&portal](jobs::Job job) { return run_count(portal, std::move(job)); }, {.at_once = 1});
    portal.world.jobs.every(1_days, std::string{count_job});
}

} // namespace preau::portal
