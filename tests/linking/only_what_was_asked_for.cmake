# SPDX-License-Identifier: Apache-2.0
# Reads the symbols of two programs, MINIMAL and EVERYTHING, with NM. Fails if the first has a symbol of a feature that
# only the second asks for, or if the second has none.
cmake_minimum_required(VERSION 3.25)

# Each feature, and a regular expression for symbols that only it has. A parenthesis ends the name of a function: its
# parameters do not count.
set(features
    "flight recorder"       "tls::flight_recorder::(flight_recorder|empty|note|note_stop|print|to_text)\\("
    "key log"               "tls::(key_log_file::|detail::(log_secret|key_log_line::)|detail::${BACKEND}_setup::.*secret)"
    "tickets"               "tls::(ticket::|detail::(ticket_codec::|session_origin::|connection_tickets::))"
    "resumption"            "tls::detail::((begin|complete)_resumption|resumption_of|origin_of|client_part|server_part)"
    "sessions of the library" "tls::detail::${BACKEND}_(sessions::|(configure|offer|current)_session|ticket_came)"
    "pre-shared keys"       "tls::(pre_shared_key::(from_bytes|from_hex|make)|detail::(check_psk|${BACKEND}_(use_psk|psk::)))"
    "ticket store"          "tls::memory_ticket_store::"
    "fingerprint"           "tls::detail::fingerprint"
    "sealing"               "tls::detail::${BACKEND}_(seal|open|cryptography::aes_gcm)" # not the digest, which names the signatures that were good
    "checks of suites and groups" "tls::detail::(check_offer|check_suites|check_groups|bad_offer)"
    "names of suites"       "tls::name\\(tls::cipher_suite\\)"
    "names of groups"       "tls::name\\(tls::named_group\\)"
    "messages of errors"    "tls::detail::errc_messages"
    "explanations"          "tls::explain\\("
    "preflight"             "tls::detail::preflight_check::"
    "PEM"                   "tls::x509::(pem_|decode_pem|certificates_from_pem|decode_base64)"
    "decryption of keys"    "tls::(x509::(read_key_encryption|read_pem_encryption|remove_padding)|seam::decrypt_private_key)\\("
    "labels of PEM"         "tls::x509::format_of_label"
    "advice on formats"     "tls::detail::input_format_advice"
    "a memory of one's own" "tls::(set_memory|detail::counting_allocator)"
    "files"                 "tls::detail::read_file"
    "TCP"                   "tls::tcp_stream::"
)

# symbols_of(<variable> <program>): one line for each.
function(symbols_of variable program)
    execute_process(COMMAND "${NM}" -C --defined-only "${program}" OUTPUT_VARIABLE found COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX REPLACE "[];[]" "_" found "${found}") # which CMake's lists would choke on
    string(REPLACE "\n" ";" found "${found}")
    set(${variable} "${found}" PARENT_SCOPE)
endfunction()

symbols_of(minimal "${MINIMAL}")
symbols_of(everything "${EVERYTHING}")
list(LENGTH minimal symbols)
message(STATUS "${symbols} symbols in ${MINIMAL}")

set(failures "")
while(features)
    list(POP_FRONT features feature pattern)
    set(unasked "${minimal}")
    list(FILTER unasked INCLUDE REGEX "${pattern}")
    set(asked "${everything}")
    list(FILTER asked INCLUDE REGEX "${pattern}")
    if(unasked)
        list(JOIN unasked "\n    " shown)
        string(APPEND failures "\n  ${feature}: nobody asked for it, and it is linked:\n    ${shown}")
    endif()
    if(NOT asked)
        string(APPEND failures "\n  ${feature}: asked for, and no symbol is like ${pattern}")
    endif()
endwhile()
if(failures)
    message(FATAL_ERROR "${failures}")
endif()
