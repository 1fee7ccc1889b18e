// For tests: the school of tests/fixtures before September: 6e B has a space of its team, a sheet of its teacher that
// the class writes in, and a page that its families read.
#pragma once

#include "fixtures/school.hpp"
#include "portal/year/year.hpp"

#include "sharing/link.hpp"
#include "sharing/share.hpp"
#include "sharing/team.hpp"

#include <functional>
#include <string>

namespace preau::portal::testing {

using fixtures::Fields;

class Years {
public:
    explicit Years(fixtures::School& at, Portal* of);

    fixtures::School& school;
    Portal* portal;
    GroupId sixth; // 6e B
    std::string page; // of the school year
    ItemId space, below_space; // "Équipe 6e B", and a folder in it: the class edits
    ItemId sheet;              // "Fiche.pdf", of the teacher: the class comments, its families read

    std::string class_page() const { return "/class/" + to_text(sixth); }
    ItemId make_space(std::string title, Role role); // by the teacher, given to the class
    ItemId make_file(std::string title, Role role);
    void give(ItemId item, Subject to, Role role);
    void withdraw(ItemId item, Subject from); // by the teacher

    Role role_of(PersonId person, ItemId item);
    bool may_deposit(PersonId person, ItemId item);
    std::size_t own_rights(ItemId item); // how many rows
    // Every right and every link of the school in words, to be compared.
    std::string everything_given();

    std::string close(fixtures::Visitor& by, const Fields& form); // where it leads
    void close_class(); // by the head
    std::string undo_in(const std::string& body) const;
};

void at_years(const std::function<void(Years&)>& body); // SQLite and PostgreSQL

} // namespace preau::portal::testing
