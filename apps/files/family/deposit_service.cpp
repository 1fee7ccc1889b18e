#include "files/family/deposit_service.hpp"

#include "files/family/handin_waits.hpp"
#include "files/folder/folder_service.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace preau::files {
namespace {

constexpr std::size_t most_name_bytes = 255;
constexpr std::size_t longest_ending = 16; // ".jpg", ".tar.gz": longer ones are no ending

Result<ItemId> handin_folder(db::Tx& tx, sharing::World& world, const Viewer& stand_in, const HandIn& given) {
    if (auto found = store::find_handin(tx, given.folder)) return *found;
    auto made = TRY(sharing::create_item(tx, world, stand_in,
                                         {.parent = given.folder,
                                          .kind = "handin",
                                          .title = given.folder_name,
                                          .restricted = true,
                                          .if_taken = sharing::NewItem::IfTaken::Number}));
    store::remember_handin(tx, given.folder, made.id);
    return made.id;
}

} // namespace

Error as_deposit(Error error) {
    if (error.key == "files.quota") error.key = "files.quota_deposit";
    return error;
}

Result<Room> check_deposit(db::Tx& tx, const Files& files, const Viewer& viewer, ItemId folder,
                           std::optional<std::uint64_t> stated) {
    auto standing = sharing::standing(tx, viewer, folder, files.world.clock.now());
    auto item = TRY(sharing::allow(standing, Action::Deposit));
    if (standing.trashed) return not_found("sharing.item");
    // A hand-in folder itself takes nothing directly: it would be a second way in that the link does not name.
    if (item.kind != "folder" && item.kind != "space" && item.kind != sharing::team_kind)
        return fail(Error::Kind::Invalid, "files.no_deposit_here");
    auto room = check_room(tx, files, item.space, stated);
    if (!room) return std::unexpected(as_deposit(room.error()));
    return room;
}

Result<std::string> check_first_name(std::string_view raw) {
    auto line = TRY(check_line(trimmed(raw), "first_name", 1, 60));
    return check_name(line, "first_name");
}

std::string deposit_name(std::string_view first_name, std::string_view file_name) {
    auto base = base_name(file_name);
    auto name = std::string{first_name} + " – " + base;
    if (name.size() <= most_name_bytes) return name;
    auto dot = base.rfind('.');
    auto ending = dot != std::string::npos && base.size() - dot <= longest_ending ? base.substr(dot) : std::string{};
    return cut_to_bytes(name, most_name_bytes - ending.size()) + ending;
}

Result<Receipt> hand_in(db::Tx& tx, Files& files, const Viewer& viewer, const HandIn& given) {
    auto& world = files.world;
    TRY(check_deposit(tx, files, viewer, given.folder, std::nullopt));
    auto folder = TRY(sharing::require(tx, viewer, Action::Deposit, given.folder, world.clock.now()));
    auto host = store::host_of(tx, folder.space);
    // Nobody who inherits sees the hand-ins, so nobody who hands in may write there either. This viewer has just been
    // asked for Deposit on the shared folder; within this transaction, and for the hand-in folder alone, a manager of
    // the space stands in. The files belong to nobody (`owner` stays that of the viewer) and the event names the link.
    auto stand_in = with_manager_of(tx, viewer, folder.space);
    auto handin = TRY(handin_folder(tx, world, stand_in, given));
    Receipt receipt{.id = world.ids.next_as<ReceiptId>(),
                    .folder = folder.id,
                    .title = folder.title,
                    .teacher = host.teacher,
                    .school = host.school,
                    .zone = host.zone,
                    .name = given.name,
                    .given_at = world.clock.now()};
    store::insert_receipt(tx, receipt, given.token_hash);
    int position = 0;
    for (const auto& file : given.files) {
        Upload upload{.folder = handin, .name = deposit_name(given.name, file.name)};
        auto stored = keep_deposit(tx, files, stand_in, upload, file.stored);
        if (!stored) return std::unexpected(as_deposit(stored.error()));
        auto kept = *std::move(stored);
        store::insert_receipt_line(tx, receipt.id, ++position,
                                   {kept.item.id, kept.item.title, kept.file.size, kept.file.sha256});
    }
    sharing::touch(tx, handin, world.clock.now());
    handins_arrived(tx, folder, handin, position, world.clock.now());
    return receipt;
}

} // namespace preau::files
