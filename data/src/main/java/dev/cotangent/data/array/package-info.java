/** Arrays of numbers in files: IDX and HDF5. */
@NullMarked
package dev.cotangent.data.array;

import org.jspecify.annotations.NullMarked;
