#include "demo/demonstration.hpp"
#include "demo/sample_bytes.hpp"

#include "files/upload/upload_service.hpp"
#include "installation.hpp"

#include "base/task.hpp"

namespace preau::server {
namespace {

constexpr std::string_view shared_folder = "Volcans";
constexpr std::string_view team_folder = "Projet sciences";

struct Sample {
    std::string_view folder, name;
    std::string bytes;
};

std::string worksheet() {
    return make_pdf("Fiche : les volcans",
                    {"Prénom : ........................          Classe : 6e B", "",
                     "1. Nomme les quatre parties du volcan sur la coupe :",
                     "    a. .....................     b. .....................",
                     "    c. .....................     d. .....................",
                     "2. Quelle est la différence entre le magma et la lave ?",
                     "    .....................................................................",
                     "3. Explosif ou effusif ? Écris la lettre E ou F à côté de chaque volcan :",
                     "    Piton de la Fournaise .....      Montagne Pelée .....      Etna .....", "",
                     "À rendre vendredi : prends ta fiche en photo depuis la page « Volcans »."});
}

std::vector<Sample> samples() {
    return {
        {shared_folder, "Fiche à compléter.pdf", worksheet()},
        {shared_folder, "Coupe du volcan.png", make_volcano_png(960, 600)},
        {shared_folder, "Consignes.odt",
         make_odt({"Volcans : le travail de la semaine",
                   "Observe la coupe du volcan, puis complète la fiche au crayon.",
                   "Tu peux chercher les mots qui te manquent dans ton manuel, pages 42 et 43.",
                   "Rends une photo nette de ta fiche avant vendredi, 18 h."})},
        {team_folder, "Progression de cycle 3.odt",
         make_odt({"Progression de cycle 3, sciences", "Septembre : les volcans, une Terre active.",
                   "Novembre : la matière, mélanges et solutions.", "Janvier : le vivant et son évolution."})},
        {team_folder, "Matériel à commander.txt",
         "Capteurs de température : 15\nBicarbonate de sodium : 2 kg\nVinaigre blanc : 6 l\nGants : taille S et M\n"},
        {"", "Liste des élèves à appareiller.txt", "À voir avec le secrétariat avant la sortie du 12 octobre.\n"},
    };
}

Result<blob::Stored> store(blob::BlobStore& blobs, const std::string& bytes) {
    auto writer = TRY(blobs.create());
    TRY(sync_wait(writer->write(std::as_bytes(std::span{bytes}))));
    return TRY(sync_wait(writer->finish()));
}

sharing::Grant grant(ItemId item, Subject to, Role role, PersonId by) {
    return {.item = item, .subject_kind = to.kind, .subject = to.id, .role = role, .given_by = by};
}

} // namespace

Result<std::vector<DemoFile>> store_demo_files(blob::BlobStore& blobs) {
    std::vector<DemoFile> files;
    for (const auto& sample : samples())
        files.push_back({.folder = std::string{sample.folder},
                         .name = std::string{sample.name},
                         .stored = TRY(store(blobs, sample.bytes))});
    return files;
}

Result<sharing::MadeLink> make_files(db::Tx& tx, Site& site, const DemoSchool& school,
                                     const std::vector<DemoFile>& files) {
    auto teacher_id = school.people.find("teacher")->second;
    auto space = sharing::personal_space(tx, site.world, teacher_id, "Mes fichiers");
    auto teacher = identity::find_viewer(tx, teacher_id).value();
    std::map<std::string, ItemId> folders{{"", space}};
    for (auto title : {shared_folder, team_folder}) {
        auto folder = TRY(sharing::create_item(tx, site.world, teacher,
                                               {.parent = space, .kind = "folder", .title = std::string{title}}));
        folders[folder.title] = folder.id;
    }
    for (const auto& file : files)
        TRY(files::keep_upload(tx, site.files, teacher, {.folder = folders.at(file.folder), .name = file.name},
                               file.stored));
    auto volcanoes = folders.at(std::string{shared_folder});
    auto for_families = grant(volcanoes, families(school.class_6eb), Role::View, teacher_id);
    for_families.deposit = true;
    sharing::set_grant(tx, site.world, teacher, for_families);
    sharing::set_grant(tx, site.world, teacher, grant(volcanoes, subject(school.class_6eb), Role::View, teacher_id));
    auto colleague = subject(school.people.find("colleague")->second);
    sharing::set_grant(tx, site.world, teacher,
                       grant(folders.at(std::string{team_folder}), colleague, Role::Edit, teacher_id));
    return sharing::create_link(tx, site.world, teacher,
                                {.item = volcanoes, .role = Role::View, .deposit = true, .label = "Familles de 6e B"});
}

} // namespace preau::server
