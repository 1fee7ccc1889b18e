#include "demo/demonstration.hpp"

#include "installation.hpp"

#include <array>

namespace preau::server {
namespace {

constexpr std::array<DemoPerson, 7> people{{{"teacher", "Camille Bernard", "professeure de SVT, 6e B"},
                                            {"colleague", "Nadia Haddad", "professeure de physique, 6e B"},
                                            {"head", "Anne Lefèvre", "principale"},
                                            {"secretary", "Julien Morel", "secrétaire"},
                                            {"inspector", "Hélène Garnier", "inspectrice, académie de Dijon"},
                                            {"manager", "Victor Roche", "administrateur du collège"},
                                            {"admin", "Sophie Marchand", "administratrice de tout"}}};

constexpr std::array<std::string_view, 26> pupils{
    "Adam Aubert",    "Aïcha Benali", "Ambre Blanc",      "Arthur Caron",  "Chloé Da Silva",   "Éden Dubois",
    "Élise Dumont",   "Enzo Faure",   "Gabriel Fontaine", "Hugo Gauthier", "Inès Girard",      "Jade Guérin",
    "Jules Henry",    "Léa Joly",     "Léo Lambert",      "Lina Lemaire",  "Louise Marchetti", "Lucas Mercier",
    "Maël Nguyen",    "Manon Noël",   "Mohamed Ouali",    "Nathan Perrin", "Noémie Picard",    "Raphaël Renaud",
    "Sarah Rousseau", "Zoé Vidal"};

struct Tree {
    StructureId academy;
    StructureId school;
};

Tree make_structures(db::Tx& tx, IdSource& ids) {
    const std::string zone = "Europe/Paris";
    auto ministry = identity::create_structure(
        tx, ids, {.name = "Ministère de l’Éducation nationale", .kind = "ministry", .zone = zone});
    auto academy = identity::create_structure(
        tx, ids, {.parent = ministry, .name = "Académie de Dijon", .kind = "academy", .zone = zone});
    auto department = identity::create_structure(
        tx, ids, {.parent = academy, .name = "Côte-d’Or", .kind = "department", .zone = zone});
    auto school = identity::create_structure(
        tx, ids,
        {.parent = department, .name = "Collège Jean-Moulin", .kind = "school", .uai = "0210000X", .zone = zone});
    return {.academy = academy, .school = school};
}

void give_functions(db::Tx& tx, const DemoSchool& school, const Tree& tree) {
    for (const auto* login : {"teacher", "colleague"})
        identity::add_function(tx, school.people.find(login)->second, tree.school, "teacher");
    for (const auto* function : {"head", "secretary", "manager"})
        identity::add_function(tx, school.people.find(function)->second, tree.school, function);
    identity::add_function(tx, school.people.find("inspector")->second, tree.academy, "inspector");
}

void make_class(db::Tx& tx, Site& site, DemoSchool& school, StructureId structure) {
    school.class_6eb = identity::create_group(tx, site.ids, {.name = "6e B", .kind = "class", .structure = structure});
    identity::add_member(tx, school.class_6eb, school.people.find("teacher")->second, "owner");
    identity::add_member(tx, school.class_6eb, school.people.find("colleague")->second, "member");
    school.class_link = sharing::create_class_link(tx, site.world, school.class_6eb, "");
    for (auto pupil : pupils) {
        identity::add_pupil(tx, site.ids, school.class_6eb, pupil);
        school.pupil_links.push_back(sharing::create_class_link(tx, site.world, school.class_6eb, pupil));
    }
}

} // namespace

std::span<const DemoPerson> demo_people() { return people; }
std::span<const std::string_view> demo_pupils() { return pupils; }

Result<DemoSchool> make_school(db::Tx& tx, Site& site, const std::map<std::string, std::string>& hashes) {
    DemoSchool school;
    for (const auto& [login, name, title] : people) {
        std::string key{login};
        auto hash = hashes.find(key);
        auto person = TRY(identity::create_person(tx, site.ids, site.clock.now(),
                                                  {.login = key,
                                                   .name = std::string{name},
                                                   .mail = key + "@college-jean-moulin.example",
                                                   .password_hash = hash == hashes.end() ? "" : hash->second,
                                                   .admin = login == "admin"}));
        school.people.emplace(key, person.id);
    }
    auto tree = make_structures(tx, site.ids);
    give_functions(tx, school, tree);
    make_class(tx, site, school, tree.school);
    return school;
}

} // namespace preau::server
