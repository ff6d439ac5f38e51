// SPDX-License-Identifier: Apache-2.0
// The headers of twintls in the other order: the backend after the rest.
#include <tls/client.hpp>
#include <tls/diagnosis/explain.hpp>
#include <tls/mbedtls.hpp>
#include <tls/transport/tcp.hpp>
#include <tls/wolfssl.hpp>

template class tls::client<tls::wolfssl>;
template class tls::client<tls::mbedtls>;
template class tls::session<tls::wolfssl, tls::tcp_stream>;
template class tls::session<tls::mbedtls, tls::tcp_stream&>;
