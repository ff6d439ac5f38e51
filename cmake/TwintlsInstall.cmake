# SPDX-License-Identifier: Apache-2.0
# cmake --install, and the package that find_package(twintls COMPONENTS wolfssl mbedtls) finds afterwards. C libraries we compiled
# travel with it, in folders of their own, so that the package stands alone and hides no library of the system's.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/twintls")
set(TWINTLS_INSTALLED_BACKENDS "")
set(TWINTLS_BACKENDS_FROM_SYSTEM "")

install(TARGETS twintls_core EXPORT twintls-core)
install(EXPORT twintls-core NAMESPACE twintls:: DESTINATION "${package_dir}")
install(DIRECTORY include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

foreach(adapter IN LISTS twintls_adapters)
    install(TARGETS twintls_${adapter} EXPORT twintls-${adapter})
    install(EXPORT twintls-${adapter} NAMESPACE twintls:: DESTINATION "${package_dir}")
endforeach()

foreach(backend IN ITEMS wolfssl mbedtls)
    if(NOT TARGET twintls_${backend})
        continue()
    endif()
    list(APPEND TWINTLS_INSTALLED_BACKENDS ${backend})
    set(private_include "${CMAKE_INSTALL_INCLUDEDIR}/twintls-${backend}")
    install(DIRECTORY backends/${backend}/include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
    install(TARGETS twintls_${backend} EXPORT twintls-${backend})
    if(TARGET twintls_${backend}_c)
        install(TARGETS twintls_${backend}_c EXPORT twintls-${backend} ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/twintls")
        get_target_property(headers twintls_${backend}_c TWINTLS_HEADERS)
        foreach(folder IN LISTS headers)
            install(DIRECTORY "${folder}" DESTINATION "${private_include}" FILES_MATCHING PATTERN "*.h")
        endforeach()
        install(DIRECTORY backends/${backend}/config/ DESTINATION "${private_include}")
    else()
        list(APPEND TWINTLS_BACKENDS_FROM_SYSTEM ${backend})
    endif()
    install(EXPORT twintls-${backend} NAMESPACE twintls:: DESTINATION "${package_dir}")
endforeach()

configure_package_config_file(cmake/twintls-config.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/twintls-config.cmake"
    INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/twintls-config-version.cmake"
    VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/twintls-config.cmake" "${CMAKE_CURRENT_BINARY_DIR}/twintls-config-version.cmake"
    cmake/TwintlsSystemLibraries.cmake cmake/TwintlsAsio.cmake DESTINATION "${package_dir}")
install(FILES LICENSE SECURITY.md "${PROJECT_BINARY_DIR}/twintls.spdx.json" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
