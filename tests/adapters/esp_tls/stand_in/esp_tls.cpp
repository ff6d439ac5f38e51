// SPDX-License-Identifier: Apache-2.0
// Stands in for esp-tls where ESP-IDF is not there: connects, and calls the table of a TLS stack as its documentation
// says. Of the socket it says that it waits until `timeout_ms`, unless the connection does not block at all.
#include <array>
#include <cerrno>
#include <chrono>
#include <esp_tls_custom_stack.h>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>
// These two want the first one of esp-tls.
#include <esp_tls_error_capture_internal.h>
#include <esp_tls_private.h>

struct esp_tls_last_error {
    std::array<int, 7> codes{}; // by their type
};

namespace {

esp_tls_stack_ops_t const* stack = nullptr;
void* user = nullptr;

int failed(esp_tls_t* tls, esp_err_t code) {
    esp_tls_internal_event_tracker_capture(tls->error_handle, ESP_TLS_ERR_TYPE_ESP, code);
    tls->conn_state = ESP_TLS_FAIL;
    return -1;
}

esp_err_t connect_socket(std::string const& host, int port, esp_tls_cfg_t const& cfg, esp_tls_t* tls) {
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME;
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const owned(found, &::freeaddrinfo);
    tls->sockfd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const ms = cfg.timeout_ms > 0 ? cfg.timeout_ms : 10'000;
    timeval const longest{ms / 1000, (ms % 1000) * 1000};
    ::setsockopt(tls->sockfd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    ::setsockopt(tls->sockfd, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
    if (cfg.non_block) ::fcntl(tls->sockfd, F_SETFL, O_NONBLOCK);
    bool const fine = ::connect(tls->sockfd, found->ai_addr, found->ai_addrlen) == 0 || errno == EINPROGRESS;
    return fine ? ESP_OK : ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST;
}

} // namespace

extern "C" {

esp_err_t esp_tls_register_stack(esp_tls_stack_ops_t const* ops, void* with) {
    if (ops == nullptr) return ESP_ERR_INVALID_ARG;
    if (ops->version != ESP_TLS_STACK_OPS_VERSION) return ESP_ERR_INVALID_VERSION;
    if (ops->create_ssl_handle == nullptr || ops->handshake == nullptr || ops->read == nullptr ||
        ops->write == nullptr || ops->conn_delete == nullptr || ops->net_init == nullptr ||
        ops->get_ssl_context == nullptr || ops->get_bytes_avail == nullptr || ops->init_global_ca_store == nullptr ||
        ops->set_global_ca_store == nullptr || ops->get_global_ca_store == nullptr ||
        ops->free_global_ca_store == nullptr || ops->get_ciphersuites_list == nullptr)
        return ESP_ERR_INVALID_ARG;
    if (stack != nullptr) return ESP_ERR_INVALID_STATE;
    stack = ops;
    user = with;
    return ESP_OK;
}

esp_err_t esp_tls_unregister_stack() {
    if (stack == nullptr) return ESP_ERR_INVALID_STATE;
    stack = nullptr;
    return ESP_OK;
}

esp_tls_t* esp_tls_init() {
    auto* const tls = new esp_tls_t{};
    tls->error_handle = new esp_tls_last_error;
    stack->net_init(user, tls);
    tls->sockfd = -1;
    return tls;
}

int esp_tls_conn_new_async(char const* host, int size, int port, esp_tls_cfg_t const* cfg, esp_tls_t* tls) {
    if (tls->conn_state == ESP_TLS_FAIL) return -1;
    if (tls->conn_state == ESP_TLS_INIT) {
        std::string const name(host, static_cast<std::size_t>(size));
        if (auto const code = connect_socket(name, port, *cfg, tls); code != ESP_OK) return failed(tls, code);
        tls->is_tls = true;
        auto const code = stack->create_ssl_handle(user, host, name.size(), cfg, tls, nullptr);
        if (code != ESP_OK) return failed(tls, code);
        tls->conn_state = ESP_TLS_HANDSHAKE;
    }
    return stack->handshake(user, tls, cfg);
}

int esp_tls_conn_new_sync(char const* host, int size, int port, esp_tls_cfg_t const* cfg, esp_tls_t* tls) {
    using std::chrono::steady_clock;
    auto const begin = steady_clock::now();
    for (;;) {
        int const answer = esp_tls_conn_new_async(host, size, port, cfg, tls);
        if (answer == 1 || answer == -1) return answer;
        if (answer == 0 && cfg->timeout_ms > 0 &&
            steady_clock::now() - begin >= std::chrono::milliseconds(cfg->timeout_ms))
            return failed(tls, ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT);
    }
}

ssize_t esp_tls_conn_write(esp_tls_t* tls, void const* from, std::size_t size) {
    return stack->write(user, tls, static_cast<char const*>(from), size);
}
ssize_t esp_tls_conn_read(esp_tls_t* tls, void* into, std::size_t size) {
    return stack->read(user, tls, static_cast<char*>(into), size);
}

int esp_tls_conn_destroy(esp_tls_t* tls) {
    stack->conn_delete(user, tls);
    if (tls->sockfd >= 0) ::close(tls->sockfd);
    delete tls->error_handle;
    delete tls;
    return 0;
}

ssize_t esp_tls_get_bytes_avail(esp_tls_t* tls) { return stack->get_bytes_avail(user, tls); }
void* esp_tls_get_ssl_context(esp_tls_t* tls) { return stack->get_ssl_context(user, tls); }
esp_err_t esp_tls_get_conn_state(esp_tls_t* tls, esp_tls_conn_state_t* state) {
    *state = tls->conn_state;
    return ESP_OK;
}
esp_err_t esp_tls_get_error_handle(esp_tls_t* tls, esp_tls_error_handle_t* handle) {
    *handle = tls->error_handle;
    return ESP_OK;
}
esp_err_t esp_tls_get_and_clear_error_type(esp_tls_error_handle_t handle, esp_tls_error_type_t type, int* code) {
    *code = std::exchange(handle->codes.at(static_cast<std::size_t>(type)), 0);
    return ESP_OK;
}
void esp_tls_internal_event_tracker_capture(esp_tls_error_handle_t handle, std::uint32_t type, int code) {
    handle->codes.at(type) = code;
}
esp_err_t esp_tls_init_global_ca_store() { return stack->init_global_ca_store(user); }
esp_err_t esp_tls_set_global_ca_store(unsigned char const* certificates, unsigned int size) {
    return stack->set_global_ca_store(user, certificates, size);
}
void esp_tls_free_global_ca_store() { stack->free_global_ca_store(user); }

} // extern "C"
