// Rows of what a closed class had.
#pragma once

#include "sharing/archive.hpp"

#include <span>

namespace preau::sharing::store {

void forget_archived_right(db::Tx& tx, ItemId item, Subject subject);

std::vector<ItemId> roots_of_classes(db::Tx& tx, std::span<const std::int64_t> classes);
std::int64_t suspend_class_links(db::Tx& tx, std::span<const std::int64_t> classes, SuspensionId act);
void resume_class_links(db::Tx& tx, std::span<const std::int64_t> classes);

// All rights of the classes are remembered, then those above reading are to read, and those to hand in without seeing
// are taken away: reading would be more than they were.
void remember_rights(db::Tx& tx, std::span<const std::int64_t> classes);
std::int64_t reduce_rights(db::Tx& tx, std::span<const std::int64_t> classes);
void give_rights_back(db::Tx& tx, std::span<const std::int64_t> classes);
void forget_rights(db::Tx& tx, std::span<const std::int64_t> classes); // those in the classes' place, too

std::optional<GroupId> class_that_managed(db::Tx& tx, ItemId root, std::span<const std::int64_t> classes);
struct StandIn { // a person who manages a root in a class's place, and what they could do before
    Grant before; // Role::None: nothing
    GroupId group;
};
void remember_stand_in(db::Tx& tx, const StandIn& stand_in, Millis now);
std::vector<Grant> stand_ins(db::Tx& tx, std::span<const std::int64_t> classes); // as they were before

std::optional<GroupId> ended_class(db::Tx& tx, const std::vector<LinkId>& links); // of the latest suspended one
std::vector<ClassReach> class_reaches(db::Tx& tx, std::span<const std::int64_t> classes);

} // namespace preau::sharing::store
