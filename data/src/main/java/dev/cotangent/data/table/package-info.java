/** Tables in files, row by row: CSV, Parquet, Arrow. */
@NullMarked
package dev.cotangent.data.table;

import org.jspecify.annotations.NullMarked;
