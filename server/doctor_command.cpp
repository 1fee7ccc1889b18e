// `preau doctor`: what an administrator would look at first, each line with advice. Exit code 0: nothing is broken.
#include "commands.hpp"
#include "control_socket.hpp"
#include "installation.hpp"

#include "base/task.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

namespace preau::server {
namespace {

enum class Finding { Good, Warning, Broken };

class Examination {
public:
    void add(Finding finding, std::string_view what, std::string_view advice = {}) {
        constexpr std::string_view marks[] = {"ok    ", "warn  ", "BROKEN"};
        fmt::print("{} {}{}{}\n", marks[static_cast<int>(finding)], what, advice.empty() ? "" : ": ", advice);
        broken_ = broken_ || finding == Finding::Broken;
    }
    bool broken() const { return broken_; }

private:
    bool broken_ = false;
};

void examine_space(Examination& found, const DataDirectory& directory) {
    std::error_code problem;
    auto space = std::filesystem::space(directory.path(), problem);
    constexpr std::uintmax_t enough = 2ULL << 30, least = 100ULL << 20;
    auto what = fmt::format("free space for data: {} MB", problem ? 0 : space.available >> 20);
    if (problem || space.available < least)
        found.add(Finding::Broken, what, "make room now, uploads and sign-ins will be refused");
    else
        found.add(space.available < enough ? Finding::Warning : Finding::Good, what,
                  space.available < enough ? "below 2 GB uploads may soon be refused" : "");
}

void examine_process(Examination& found) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    constexpr rlim_t wanted = 8192;
    found.add(limit.rlim_max < wanted ? Finding::Warning : Finding::Good,
              fmt::format("open files allowed: {}", limit.rlim_max),
              limit.rlim_max < wanted ? "raise LimitNOFILE to 65536 in the systemd unit" : "");
    constexpr Millis beginning_of_ids = 1'735'689'600'000; // 2025-01-01
    bool sane = SystemClock{}.now() > beginning_of_ids;
    found.add(sane ? Finding::Good : Finding::Broken, "clock of this machine",
              sane ? "" : "it stands before 2025: set it, identifiers and expiries depend on it");
}

void examine_configuration(Examination& found, const Configuration& configuration) {
    auto origin = configuration.public_address(configuration.listen.port);
    bool local = origin.contains("//localhost") || origin.contains("//127.0.0.1");
    bool secure = origin.starts_with("https://") || local;
    found.add(secure ? Finding::Good : Finding::Warning, "public address " + origin,
              secure ? "" : "use https, else passwords travel in clear and cookies are weaker");
    bool separate = !configuration.content_address(configuration.listen.port).empty();
    found.add(separate ? Finding::Good : Finding::Warning, "second origin for uploaded files",
              separate ? "" : "set content_url to another host name of this server, so that uploads can be previewed");
    if (configuration.tls)
        for (const auto& file : {configuration.tls->certificate_file, configuration.tls->key_file})
            found.add(std::filesystem::exists(file) ? Finding::Good : Finding::Broken, "TLS file " + file,
                      std::filesystem::exists(file) ? "" : "it is missing");
}

Outcome ask_or_open(const CommandLine& line, const DataDirectory& directory, const Configuration& configuration) {
    if (auto outcome = ask_server(directory.control_socket(), line.order)) return *outcome;
    auto lock = directory.try_lock();
    if (!lock) return failed(fmt::format("process {} holds the data and does not answer", directory.holder()));
    log::set_level(log::Level::Warn);
    Site site{directory, configuration, configuration.listen.port};
    return perform(site, line.order);
}

} // namespace

Outcome examine(Site& site) {
    site.db->prepare_all();
    auto writer = site.blobs->create();
    if (!writer) return failed(writer.error());
    constexpr std::byte sample[] = {std::byte{'o'}, std::byte{'k'}};
    auto written = sync_wait((*writer)->write(sample)); // dropped unfinished: leaves nothing behind
    if (!written) return failed(written.error());
    auto wrong = site.db->read_now([](db::Tx& tx) { return files::find_miscounts(tx, 1000); });
    if (!wrong.empty())
        return failed(fmt::format("{} spaces count their bytes wrong, the first is {} ({} kept, {} there): as an "
                                  "administrator, POST /api/files/spaces/ID/recount",
                                  wrong.size(), to_text(wrong.front().space), wrong.front().kept,
                                  wrong.front().counted));
    auto said = fmt::format("database ({}) and files can be read and written", site.db->engine());
    for (const auto& ability : site.previews.abilities())
        said += fmt::format("\n{} previews of {}{}{}", ability.why_not.empty() ? "ok    " : "warn  ", ability.what,
                            ability.why_not.empty() ? "" : ": ", ability.why_not);
    return done(said);
}

int doctor(const CommandLine& line) {
    if (!std::filesystem::exists(line.data))
        return complain(fmt::format("there is no directory {}: preau serve makes it", line.data.string()));
    auto directory = DataDirectory::open(line.data);
    if (!directory) return complain(directory.error());
    Examination found;
    found.add(Finding::Good, "data directory " + directory->path().string());
    auto configuration = configuration_for(line, *directory);
    if (!configuration) {
        found.add(Finding::Broken, "configuration", configuration.error());
        return 1;
    }
    if (configuration->public_url.empty()) configuration->public_url = directory->remembered_public_url();
    examine_configuration(found, *configuration);
    examine_space(found, *directory);
    examine_process(found);
    auto outcome = ask_or_open(line, *directory, *configuration);
    found.add(outcome.done ? Finding::Good : Finding::Broken, outcome.done ? outcome.text : "records and files",
              outcome.done ? "" : outcome.text);
    return found.broken() ? 1 : 0;
}

} // namespace preau::server
