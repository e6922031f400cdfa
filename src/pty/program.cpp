#include "valija/pty/program.hpp"
