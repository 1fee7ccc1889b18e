// A class whose school year has ended, in every app at once: apps live on grants and links, so nothing of theirs is
// touched. Its links open nothing; whatever its staff could do with what was given to the class, they read. Both come
// back as they were when the class is opened again, but for what somebody withdrew or changed meanwhile.
//
// Which classes are closed, and who may close them, is for the caller (identity/school_year.hpp). Called under the lane
// of each class, and of each space in roots_of_classes(): that a space keeps a manager is decided there.
#pragma once

#include "sharing/suspension.hpp"

namespace preau::sharing {

struct ClassEnd {
    SuspensionId act; // one for all of the classes: the number of their closing
    std::vector<GroupId> classes;
    std::string year; // 1 to 500 characters
};
struct Archived {
    std::int64_t links = 0; // that open nothing any more
    std::int64_t rights = 0; // that are to read now
};
PREAU_DESCRIBE(Archived, links, rights)

// Roots of spaces that these classes manage, or managed before they were closed. Sorted.
std::vector<ItemId> roots_of_classes(db::Tx& tx, const std::vector<GroupId>& classes);
// Where nobody else manages a space that a class managed, who answers for the class does so until it is opened again.
// A bounded number of statements, and some for each such space. Errors: sharing.moved_meanwhile (Conflict): other roots
// by now, read them again.
Result<Archived> archive_classes(db::Tx& tx, World& world, const Viewer& by, const ClassEnd& end,
                                 const std::vector<ItemId>& held);
Result<void> bring_back_classes(db::Tx& tx, World& world, const Viewer& by, const std::vector<GroupId>& classes,
                                const std::vector<ItemId>& held);

struct ClassReach { // what closing would end
    GroupId id;
    std::int64_t links = 0; // that open something now, of families
    std::int64_t places = 0; // given to the staff of the class
};
PREAU_DESCRIBE(ClassReach, id, links, places)
std::vector<ClassReach> reach_of_classes(db::Tx& tx, const std::vector<GroupId>& classes);

} // namespace preau::sharing
