// SPDX-License-Identifier: Apache-2.0
#include "raw_rsa.hpp"

#include "der_writer.hpp"
#include "number.hpp"
#include "random.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace testbed {
namespace {

bytes mgf1(byte_view seed, hash with, std::size_t size) {
    bytes mask;
    for (unsigned counter = 0; mask.size() < size; ++counter) {
        bytes input(seed.begin(), seed.end());
        append(input, octets({counter >> 24U & 0xffU, counter >> 16U & 0xffU, counter >> 8U & 0xffU, counter & 0xffU}));
        append(mask, digest(with, input));
    }
    mask.resize(size);
    return mask;
}

/// Primes of one size that keys share, because finding them takes most of the time.
class prime_pool {
public:
    static constexpr std::size_t bits = 128;
    /// The `index`-th prime.
    [[nodiscard]] bytes at(std::size_t index) {
        std::scoped_lock const lock(guard_);
        while (found_.size() <= index) {
            bytes p = fresh(bits);
            if (std::ranges::find(found_, p) == found_.end()) found_.push_back(std::move(p));
        }
        return found_[index];
    }
    [[nodiscard]] static bytes fresh(std::size_t size_in_bits) {
        random_source random;
        number p;
        check_mbedtls(
            mbedtls_mpi_gen_prime(p.get(), size_in_bits, 0, mbedtls_ctr_drbg_random, random.context()), "prime");
        return p.write(p.size());
    }

private:
    std::mutex guard_;
    std::vector<bytes> found_;
};

prime_pool& pool() {
    static prime_pool shared;
    return shared;
}

} // namespace

struct raw_rsa_key::parts {
    number n, e;
    std::list<number> primes;
};

raw_rsa_key::raw_rsa_key(unsigned bits, byte_view exponent) : parts_(std::make_unique<parts>()) {
    number& n = parts_->n;
    number& e = parts_->e;
    e.read(exponent);
    check_mbedtls(mbedtls_mpi_lset(n.get(), 1), "modulus");
    for (std::size_t attempt = 0; n.bits() != bits; ++attempt) {
        // A last prime of the size that is missing makes the modulus full; it may take one bit more.
        std::size_t const missing = bits - n.bits();
        bool const last = missing < 2 * prime_pool::bits;
        number p;
        p.read(last ? prime_pool::fresh(missing + attempt % 2) : pool().at(attempt));
        number product;
        number less_one;
        number common;
        check_mbedtls(mbedtls_mpi_mul_mpi(product.get(), n.get(), p.get()), "modulus");
        check_mbedtls(mbedtls_mpi_sub_int(less_one.get(), p.get(), 1), "prime");
        check_mbedtls(mbedtls_mpi_gcd(common.get(), less_one.get(), e.get()), "prime");
        if (mbedtls_mpi_cmp_int(common.get(), 1) != 0 || (last && product.bits() != bits)) continue;
        mbedtls_mpi_swap(n.get(), product.get());
        mbedtls_mpi_swap(parts_->primes.emplace_back().get(), p.get());
    }
}

raw_rsa_key::~raw_rsa_key() = default;
raw_rsa_key::raw_rsa_key(raw_rsa_key&&) noexcept = default;
raw_rsa_key& raw_rsa_key::operator=(raw_rsa_key&&) noexcept = default;

unsigned raw_rsa_key::bits() const { return static_cast<unsigned>(parts_->n.bits()); }
bytes raw_rsa_key::modulus() const { return parts_->n.write(parts_->n.size()); }
bytes raw_rsa_key::exponent() const { return parts_->e.write(parts_->e.size()); }

bytes raw_rsa_key::spki_der() const {
    auto const content = [](bytes const& number) {
        bool const sign = (number[0] & std::byte{0x80}) != std::byte{0};
        return sign ? der::join({octets({0}), number}) : number;
    };
    return rsa_spki(content(modulus()), content(exponent()));
}

bytes raw_rsa_key::sign_raw(byte_view encoded) const {
    number value;
    value.read(encoded);
    if (mbedtls_mpi_cmp_mpi(value.get(), parts_->n.get()) >= 0) throw std::runtime_error("not less than the modulus");
    // Prime by prime, joined by the Chinese remainder theorem: x is the result modulo the product of the primes so far.
    number x;
    number product;
    check_mbedtls(mbedtls_mpi_lset(product.get(), 1), "signing");
    for (number const& p : parts_->primes) {
        number d;
        number part;
        check_mbedtls(mbedtls_mpi_sub_int(d.get(), p.get(), 1), "signing");
        check_mbedtls(mbedtls_mpi_inv_mod(d.get(), parts_->e.get(), d.get()), "signing");
        check_mbedtls(mbedtls_mpi_mod_mpi(part.get(), value.get(), p.get()), "signing");
        check_mbedtls(mbedtls_mpi_exp_mod(part.get(), part.get(), d.get(), p.get(), nullptr), "signing");
        number inverse;
        check_mbedtls(mbedtls_mpi_sub_mpi(part.get(), part.get(), x.get()), "signing");
        check_mbedtls(mbedtls_mpi_mod_mpi(inverse.get(), product.get(), p.get()), "signing");
        check_mbedtls(mbedtls_mpi_inv_mod(inverse.get(), inverse.get(), p.get()), "signing");
        check_mbedtls(mbedtls_mpi_mul_mpi(part.get(), part.get(), inverse.get()), "signing");
        check_mbedtls(mbedtls_mpi_mod_mpi(part.get(), part.get(), p.get()), "signing");
        check_mbedtls(mbedtls_mpi_mul_mpi(part.get(), part.get(), product.get()), "signing");
        check_mbedtls(mbedtls_mpi_add_mpi(x.get(), x.get(), part.get()), "signing");
        check_mbedtls(mbedtls_mpi_mul_mpi(product.get(), product.get(), p.get()), "signing");
    }
    return x.write(size());
}

bytes raw_rsa_key::sign_pkcs1(byte_view message, hash with) const {
    return sign_raw(pkcs1_encoding(message, with, size()));
}

bytes raw_rsa_key::sign_pss(byte_view message, hash with, std::size_t salt_length) const {
    return sign_raw(pss_encoding(message, with, salt_length, bits()));
}

bytes raw_rsa_key::plus_modulus(byte_view what, unsigned times) const {
    number sum;
    sum.read(what);
    for (unsigned i = 0; i != times; ++i)
        check_mbedtls(mbedtls_mpi_add_mpi(sum.get(), sum.get(), parts_->n.get()), "sum");
    return sum.write(size());
}

bytes rsa_spki(byte_view modulus_integer, byte_view exponent_integer) {
    return der::sequence(
        {der::sequence({der::oid("1.2.840.113549.1.1.1"), der::null()}),
         der::bit_string(der::sequence(
             {der::tlv(der::tag_integer, modulus_integer), der::tlv(der::tag_integer, exponent_integer)}))});
}

bytes digest_info(byte_view message, hash with, bool null) {
    bytes const algorithm = null ? der::sequence({der::oid(object_identifier(with)), der::null()})
                                 : der::sequence({der::oid(object_identifier(with))});
    return der::sequence({algorithm, der::octet_string(digest(with, message))});
}

bytes pkcs1_encoding(byte_view message, hash with, std::size_t size) {
    bytes const info = digest_info(message, with);
    bytes out(size, std::byte{0xff});
    out[0] = std::byte{0};
    out[1] = std::byte{1};
    out[size - info.size() - 1] = std::byte{0};
    std::ranges::copy(info, out.end() - static_cast<std::ptrdiff_t>(info.size()));
    return out;
}

bytes pss_encoding(byte_view message, hash with, std::size_t salt_length, unsigned modulus_bits) {
    unsigned const bits = modulus_bits - 1;
    std::size_t const size = (bits + 7) / 8;
    bytes const salt = pattern(salt_length, 77);
    bytes input(8);
    append(input, digest(with, message));
    append(input, salt);
    bytes const h = digest(with, input);
    if (size < h.size() + salt_length + 2) throw std::runtime_error("the salt does not fit");
    bytes masked(size - h.size() - 1 - salt_length - 1);
    append(masked, octets({1}));
    append(masked, salt);
    bytes const mask = mgf1(h, with, masked.size());
    for (std::size_t i = 0; i != masked.size(); ++i) masked[i] ^= mask[i];
    masked[0] &= static_cast<std::byte>(0xffU >> (8 * size - bits));
    append(masked, h);
    append(masked, octets({0xbc}));
    return masked;
}

} // namespace testbed
