// SPDX-License-Identifier: Apache-2.0
// Public: applications include this.
#pragma once

#include <tls/core/allocation.hpp>
#include <tls/core/config.hpp>
#include <tls/core/error.hpp>
#include <tls/core/secret.hpp>
#include <tls/credentials/key_decryption.hpp>
#include <tls/credentials/signer.hpp>
#include <tls/x509/certificate.hpp>
#include <tls/x509/certificate_store.hpp>
#include <tls/x509/pem.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tls {

/// The certificates of authorities we trust to vouch for servers.
///
/// Each source is read when the object is made (and out_of_memory is an error of every one): a file that is missing or
/// damaged is an error there and then, and the error names it and the certificate in it. In files that were found
/// rather than named (those of a folder, and the system's store), certificates that cannot be read are passed over and
/// counted. Certificates that cannot serve as trust anchors (not a CA, expired, weak key) are kept, and a chain that
/// leads to one is refused with the reason. All lie in one block of memory that copies and clients share. A constant
/// object is safe to share between threads.
class trust_anchors {
public:
    trust_anchors() noexcept = default;

    /// Every certificate of a PEM file: one authority or a whole bundle.
    ///
    /// Errors: file_not_found, file_unreadable, empty_input, no_certificate, unexpected_private_key, wrong_format (DER,
    /// PKCS#12, PKCS#7 and others, by name), bad_pem, bad_certificate_der.
    [[nodiscard]] static result<trust_anchors> from_pem_file(std::string const& path) noexcept;

    /// Every certificate of a PEM text in memory. Errors as `from_pem_file`, without those about files.
    [[nodiscard]] static result<trust_anchors> from_pem(std::string_view text) noexcept;

    /// One certificate in DER. Errors: empty_input, bad_certificate_der, unexpected_private_key, wrong_format.
    [[nodiscard]] static result<trust_anchors> from_der(std::span<std::byte const> der) noexcept;

    /// The certificates of all files in a folder, PEM or DER; what cannot be read is passed over.
    ///
    /// Errors: file_not_found, file_unreadable, no_certificate if no file holds one.
    [[nodiscard]] static result<trust_anchors> from_folder(std::string const& path) noexcept;

    /// The system's trust store: the file SSL_CERT_FILE names, the folder SSL_CERT_DIR names, or the first of the
    /// places where systems keep their bundle. One certificate that cannot be read does not spoil the others: see
    /// `unreadable`.
    ///
    /// Errors: file_not_found if there is no store; else as `from_pem_file`, if nothing in it can be read.
    [[nodiscard]] static result<trust_anchors> system() noexcept;

    /// Servers' own certificates, each trusted as it is, byte for byte, whoever issued it; no others vouch for
    /// anything.
    ///
    /// A server with one of them is accepted without a path, and refused if it is out of date, for another name, or not
    /// for servers. `add` puts them beside authorities. A source that failed is passed on.
    ///
    ///     .trust(tls::trust_anchors::exactly(tls::trust_anchors::from_pem_file("server.pem")))
    [[nodiscard]] static result<trust_anchors> exactly(result<trust_anchors> servers) noexcept {
        if (servers) std::swap(servers->store_, servers->exactly_);
        return servers;
    }

    /// Adds the certificates of another set.
    ///
    /// Errors: out_of_memory, and then nothing was added. It need not be looked at: a client that is given these
    /// anchors is not built either, so none goes missing unnoticed.
    result<void> add(trust_anchors const& more) noexcept; // NOLINT(modernize-use-nodiscard)

    /// False once `add` failed, for this object and its copies.
    [[nodiscard]] bool complete() const noexcept { return !incomplete_; }

    [[nodiscard]] std::size_t size() const noexcept { return store_.size() + exactly_.size(); }
    /// How many were passed over because they could not be read.
    [[nodiscard]] std::size_t unreadable() const noexcept { return store_.unreadable() + exactly_.unreadable(); }
    /// The authorities, parsed; valid as long as this object or a copy of it, and until `add`.
    [[nodiscard]] std::span<x509::certificate_view const> certificates() const noexcept { return store_.all(); }
    /// The same, as a client keeps them.
    [[nodiscard]] x509::certificate_store const& store() const noexcept { return store_; }
    /// The servers that are trusted as they are.
    [[nodiscard]] x509::certificate_store const& exact_servers() const noexcept { return exactly_; }

private:
    explicit trust_anchors(x509::certificate_store store) noexcept : store_(std::move(store)) {}

    [[nodiscard]] static result<trust_anchors> folder(char const* path) noexcept;
    [[nodiscard]] static result<trust_anchors> of(result<x509::certificate_store> found) noexcept {
        if (!found) return std::unexpected(found.error());
        return trust_anchors(std::move(*found));
    }

    x509::certificate_store store_;
    x509::certificate_store exactly_;
    bool incomplete_ = false;
};

class certificate_chain;
class external_identity;

/// Who we are: a certificate chain and its private key.
///
/// The chain is leaf first, each certificate issued by the next; that is checked here. Whether the key belongs to the
/// leaf and the password fits is checked when a client is built, because it takes cryptography. The key is wiped from
/// memory with the last copy; copies share it and are safe to use from many threads. RSA and EC keys in PKCS#8, PKCS#1
/// and SEC1; encrypted with PBES2 (PBKDF2 and AES), or with AES in the old PEM format. What the library as built cannot
/// use is the error `unsupported` when a client is built, which names the file and what is not supported.
class identity {
public:
    /// From two PEM files: the chain, leaf first, and the key, which is not encrypted.
    ///
    /// Errors: file_not_found, file_unreadable, empty_input, no_certificate, no_private_key, unexpected_private_key,
    /// unexpected_certificate, wrong_format, bad_pem, bad_certificate_der, bad_private_key, unsupported, chain_order,
    /// too_many_certificates, password_required. The error names the file.
    [[nodiscard]] static result<identity>
    from_pem_files(std::string const& chain_path, std::string const& key_path) noexcept;
    /// The same with a password, for a key that is encrypted; programs that never give one do not link what decrypts.
    [[nodiscard]] static result<identity>
    from_pem_files(std::string const& chain_path, std::string const& key_path, std::string_view password) noexcept;

    /// From two PEM texts in memory. Errors as `from_pem_files`, without those about files.
    [[nodiscard]] static result<identity> from_pem(std::string_view chain, std::string_view key) noexcept;
    [[nodiscard]] static result<identity>
    from_pem(std::string_view chain, std::string_view key, std::string_view password) noexcept;

    /// From DER: the certificates, leaf first, and the key (PKCS#8, also encrypted, PKCS#1 or SEC1).
    [[nodiscard]] static result<identity>
    from_der(std::span<std::span<std::byte const> const> chain, std::span<std::byte const> key) noexcept;
    [[nodiscard]] static result<identity> from_der(
        std::span<std::span<std::byte const> const> chain, std::span<std::byte const> key,
        std::string_view password) noexcept;

    /// As above, for a chain written out in place.
    [[nodiscard]] static result<identity>
    from_der(std::initializer_list<std::span<std::byte const>> chain, std::span<std::byte const> key) noexcept {
        return from_der(std::span(chain.begin(), chain.size()), key);
    }
    [[nodiscard]] static result<identity> from_der(
        std::initializer_list<std::span<std::byte const>> chain, std::span<std::byte const> key,
        std::string_view password) noexcept {
        return from_der(std::span(chain.begin(), chain.size()), key, password);
    }

    /// From a certificate chain and something that signs with its private key, which this program never has.
    ///
    /// The signer is lent, and must outlive the clients made with it and all their connections; or shared. A source of
    /// either that failed may be given as it is. Errors: that of the source; key_mismatch if the signer has no scheme
    /// for a key of the leaf's kind; bad_configuration for a null pointer; out_of_memory. Whether the key is the
    /// certificate's is known when it signs: the signature is verified before it leaves. For libraries with
    /// `feature::external_signer`. Include <tls/client.hpp>.
    template <signer S>
    [[nodiscard]] static result<external_identity>
    from_signer(result<certificate_chain> const& chain, S& lent) noexcept;
    template <signer S>
    [[nodiscard]] static result<external_identity>
    from_signer(result<certificate_chain> const& chain, result<S>& lent) noexcept;
    template <signer S>
    [[nodiscard]] static result<external_identity>
    from_signer(result<certificate_chain> const& chain, std::shared_ptr<S> shared) noexcept;
    template <signer S>
    static void from_signer(result<certificate_chain> const&, S const&&) = delete; // it must outlive the client

    /// From a certificate chain and the signatures that its key makes, where each comes later: the handshake answers
    /// `want_signature`, and the application brings it (`basic_handshake::give_signature`). There is no signer to lend.
    ///
    /// Errors: those of `from_signer`. For libraries with `feature::deferred_signature`; `build()` refuses it
    /// elsewhere.
    [[nodiscard]] static result<external_identity>
    from_deferred_signer(result<certificate_chain> const& chain, scheme_set schemes) noexcept;

    /// The most certificates a chain may have.
    static constexpr std::size_t max_chain = 8;

    /// True once this object was moved from: it has no certificates and no key any more, and a client cannot be built
    /// with it (`spent`).
    [[nodiscard]] bool is_spent() const noexcept { return content_ == nullptr; }
    /// The certificates, leaf first; never empty but after a move. Valid as long as this object or a copy of it.
    [[nodiscard]] std::span<x509::certificate_view const> chain() const noexcept { return what().chain.all(); }
    /// All of them in DER, one after the other.
    [[nodiscard]] std::span<std::byte const> chain_der() const noexcept { return what().chain.der(); }
    /// Our own certificate.
    [[nodiscard]] x509::certificate_view const& leaf() const noexcept { return what().leaf(); }
    /// The issuer of each certificate of the chain, as a Name in DER.
    [[nodiscard]] std::span<std::span<std::byte const> const> issuer_names() const noexcept {
        return {what().issuer_names.data(), what().issuer_names.size()};
    }
    [[nodiscard]] x509::private_key_block const& private_key() const noexcept { return what().key; }
    [[nodiscard]] bool key_is_encrypted() const noexcept;
    [[nodiscard]] x509::secret_bytes const& password() const noexcept { return what().password; }
    /// What decrypts the key; not null if it is encrypted.
    [[nodiscard]] seam::key_decrypter decrypter() const noexcept { return what().decrypter; }
    /// Where the key came from, for error messages: its file, or "private key".
    [[nodiscard]] short_text const& origin() const noexcept { return what().origin; }
    /// Where the certificates came from: their file, or "certificate chain".
    [[nodiscard]] short_text const& chain_origin() const noexcept { return what().chain_origin; }

private:
    friend class external_identity;

    struct content {
        x509::certificate_store chain;
        seam::array<std::span<std::byte const>> issuer_names; // inside `chain`
        x509::private_key_block key;
        x509::secret_bytes password;
        seam::key_decrypter decrypter = nullptr;
        short_text origin;
        short_text chain_origin;

        [[nodiscard]] x509::certificate_view const& leaf() const noexcept;
    };

    /// What a moved-from identity has: nothing.
    [[nodiscard]] static content const& nothing() noexcept;
    [[nodiscard]] content const& what() const noexcept { return content_ != nullptr ? *content_ : nothing(); }

    explicit identity(seam::shared<content> c) noexcept : content_(std::move(c)) {}

    /// Where its two parts came from.
    struct origins {
        std::string_view chain = "certificate chain";
        std::string_view key = "private key";
    };
    /// The password, and what is done with it.
    struct unlocking {
        std::string_view password;
        seam::key_decrypter decrypter = nullptr;
    };
    [[nodiscard]] static result<identity> make(
        x509::certificate_store chain, x509::private_key_block key, unlocking const& with,
        origins const& from) noexcept;
    [[nodiscard]] static result<identity>
    pem_files(std::string const& chain_path, std::string const& key_path, unlocking const& with) noexcept;
    [[nodiscard]] static result<identity>
    pem(std::string_view chain, std::string_view key, unlocking const& with) noexcept;
    [[nodiscard]] static result<identity>
    der(std::span<std::span<std::byte const> const> chain, std::span<std::byte const> key,
        unlocking const& with) noexcept;

    seam::shared<content> content_; // changed only before the identity is handed out
};

} // namespace tls

#if !defined(TWINTLS_SEPARATE_COMPILATION)
#    include <tls/credentials/impl/credentials.ipp>
#endif
