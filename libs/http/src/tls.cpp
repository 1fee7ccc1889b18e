#include "transport.hpp"

#include <fmt/format.h>

#include <openssl/err.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace preau::http {
namespace {

struct TlsFree {
    void operator()(SSL* tls) const { SSL_free(tls); }
};

// Drives OpenSSL over the non-blocking socket: whatever a call wants, reading or writing, is waited for.
class TlsTransport final : public Transport {
public:
    TlsTransport(Socket socket, SSL_CTX& context) : Transport{std::move(socket)}, tls_{SSL_new(&context)} {
        if (!tls_ || SSL_set_fd(tls_.get(), descriptor()) != 1) throw std::bad_alloc{};
        SSL_set_accept_state(tls_.get());
    }

    Task<bool> open() override {
        while (true) {
            ERR_clear_error();
            int done = SSL_do_handshake(tls_.get());
            if (done == 1) co_return opened_ = true;
            bool go_on = co_await wanted(done);
            if (!go_on) co_return false;
        }
    }

    Task<Transferred> read_some(std::span<std::byte> buffer) override {
        co_await be_fair();
        while (true) {
            ERR_clear_error();
            std::size_t count = 0;
            int done = SSL_read_ex(tls_.get(), buffer.data(), buffer.size(), &count);
            if (done == 1) {
                bytes_in += count;
                co_return Transferred{.bytes = count};
            }
            if (SSL_get_error(tls_.get(), done) == SSL_ERROR_ZERO_RETURN) co_return Transferred{};
            bool go_on = co_await wanted(done);
            if (!go_on) co_return Transferred{.failed = true};
        }
    }

    Task<Transferred> write_some(std::span<const std::string_view> pieces, Next) override {
        co_await be_fair();
        // One record for head and body: gathered, for TLS copies anyway.
        std::string_view first;
        std::size_t total = 0;
        for (auto piece : pieces) {
            if (first.empty()) first = piece;
            total += piece.size();
        }
        if (first.size() >= record || first.size() == total) co_return co_await write_bytes(first);
        gathered_.clear();
        for (auto piece : pieces) gathered_ += piece.substr(0, record - std::min(record, gathered_.size()));
        co_return co_await write_bytes(gathered_);
    }

    Task<Transferred> send_file_some(int file, std::uint64_t offset, std::uint64_t length) override {
        co_await be_fair();
        gathered_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(length, file_piece)));
        auto count = ::pread(file, gathered_.data(), gathered_.size(), static_cast<off_t>(offset));
        if (count <= 0) co_return Transferred{.failed = count < 0};
        co_return co_await write_bytes(std::string_view{gathered_}.substr(0, static_cast<std::size_t>(count)));
    }

    void say_goodbye() override {
        ERR_clear_error();
        if (opened_) SSL_shutdown(tls_.get());
        ::shutdown(descriptor(), SHUT_WR);
    }

private:
    static constexpr std::size_t record = 16 * 1024;
    static constexpr std::uint64_t file_piece = 64 * 1024;

    Task<Transferred> write_bytes(std::string_view bytes) {
        while (true) {
            ERR_clear_error();
            std::size_t count = 0;
            int done = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
            if (done == 1) {
                bytes_out += count;
                co_return Transferred{.bytes = count};
            }
            bool go_on = co_await wanted(done);
            if (!go_on) co_return Transferred{.failed = true};
        }
    }

    Task<bool> wanted(int result) {
        auto problem = SSL_get_error(tls_.get(), result);
        if (problem == SSL_ERROR_WANT_READ) co_return co_await ready(Direction::In);
        if (problem == SSL_ERROR_WANT_WRITE) co_return co_await ready(Direction::Out);
        opened_ = false; // after a fatal error no close_notify may be sent
        co_return false;
    }

    std::unique_ptr<SSL, TlsFree> tls_;
    std::string gathered_;
    bool opened_ = false;
};

[[noreturn]] void refuse(const std::string& what, const std::string& file) {
    char reason[256] = "unknown reason";
    ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
    throw std::runtime_error(fmt::format("{} {} cannot be used: {}", what, file, reason));
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
    static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* pick = nullptr;
    if (SSL_select_next_proto(&pick, length, ours, sizeof ours, offered, offered_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL; // RFC 7301 §3.2
    *chosen = pick;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

std::unique_ptr<Transport> tls_transport(Socket socket, SSL_CTX& context) {
    return std::make_unique<TlsTransport>(std::move(socket), context);
}

TlsContext make_tls_context(const std::string& certificate_file, const std::string& key_file) {
    TlsContext context{SSL_CTX_new(TLS_server_method())};
    if (!context) throw std::bad_alloc{};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS); // idle connections keep no 34 kB each
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
        refuse("the certificate", certificate_file);
    if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
        refuse("the key", key_file);
    if (SSL_CTX_check_private_key(context.get()) != 1) refuse("the key does not belong to the certificate:", key_file);
    return context;
}

} // namespace preau::http
