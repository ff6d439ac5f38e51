# SPDX-License-Identifier: Apache-2.0
# A user's own builds of the C libraries, under the names their own packages use: here, those this build folder has
# made. Included by project() of the FetchContent consumer, which so also tests that twintls takes such targets and need
# not build again.
function(prebuilt target archive includes definitions)
    add_library(${target} STATIC IMPORTED)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${archive}")
    string(REPLACE "," ";" includes "${includes}")
    string(REPLACE "," ";" definitions "${definitions}")
    target_include_directories(${target} INTERFACE ${includes})
    target_compile_definitions(${target} INTERFACE ${definitions})
    target_link_libraries(${target} INTERFACE m)
endfunction()
prebuilt(wolfssl::wolfssl "${WOLFSSL_ARCHIVE}" "${WOLFSSL_INCLUDES}" "${WOLFSSL_DEFINITIONS}")
prebuilt(MbedTLS::mbedtls "${MBEDTLS_ARCHIVE}" "${MBEDTLS_INCLUDES}" "${MBEDTLS_DEFINITIONS}")
add_library(MbedTLS::mbedx509 INTERFACE IMPORTED)
add_library(MbedTLS::mbedcrypto INTERFACE IMPORTED)
