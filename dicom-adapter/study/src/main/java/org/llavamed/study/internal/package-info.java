/**
 * Files to patients, studies, series and instances. {@link InputFiles} finds the files, {@link
 * Archives} unpacks those that lie in zip archives, {@link Header} keeps what is needed of each
 * object, {@link Grouping} puts them together and {@link Stacks} looks at where slices lie.
 */
@NullMarked
package org.llavamed.study.internal;

import org.jspecify.annotations.NullMarked;
