// Rows of announcements.
#pragma once

#include "portal/announcement/announcement.hpp"

namespace preau::portal::store {

void insert_announcement(db::Tx& tx, const Announcement& announcement);
void insert_line(db::Tx& tx, const Announcement& announcement, const AudienceLine& line);
std::optional<Announcement> find_announcement(db::Tx& tx, AnnouncementId id);
bool set_recalled(db::Tx& tx, AnnouncementId id, PersonId by, Millis now);
void begin_reminder(db::Tx& tx, AnnouncementId id, Millis now);
void set_reminded_to(db::Tx& tx, AnnouncementId id, PersonId person);

struct ConcernRow { // an announcement by one line of its audience
    Announcement announcement;
    Subject to;
    std::string author, structure;
    bool marked = false, acknowledged = false;
};
// Supersets: ids of subjects are compared without their kinds, and one announcement may come by several lines.
std::vector<ConcernRow> waiting(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& subjects, int limit,
                                Millis now);
std::vector<ConcernRow> ever(db::Tx& tx, PersonId person, const std::vector<std::int64_t>& subjects,
                             AnnouncementId before, int limit, Millis now);
std::vector<ConcernRow> by_author(db::Tx& tx, PersonId author, AnnouncementId before, int limit);
std::optional<ConcernRow> one(db::Tx& tx, PersonId person, AnnouncementId id);
std::vector<Subject> lines_of(db::Tx& tx, AnnouncementId id);

bool insert_mark(db::Tx& tx, PersonId person, AnnouncementId id, Millis now);
bool set_acknowledged(db::Tx& tx, PersonId person, AnnouncementId id, Millis now); // false: it is already
void count_acknowledged(db::Tx& tx, AnnouncementId id, StructureId structure);

} // namespace preau::portal::store
